//go:build e2e

package drive

import (
	"slices"
	"testing"
)

// Stack is the stack that all scenarios of a site share. Each scenario begins with [Stack.Running] or [Stack.Ready].
type Stack struct {
	*Project // nil before the first scenario
	Site     *Site
	Name     string
	Always   []string // entries "key=value" that all scenarios begin with

	// The last scenario's configuration and outputs; no configuration if the stack may run anything.
	config  []string
	outputs Outputs
}

// Ready configures the stack with entries "key=value" and what leads to the cluster, and restores the sources from the
// checkout, whatever the last scenario has left. It does not change what the cluster runs.
func (s *Stack) Ready(t *testing.T, config ...string) {
	t.Helper()
	s.Configured(t, s.Site.Project(t), config...)
}

// Configured does what Ready does, whether there is a cluster or not.
func (s *Stack) Configured(t *testing.T, project *Project, config ...string) {
	t.Helper()
	s.Project = project
	if err := s.Restore(); err != nil {
		t.Fatal(err)
	}
	s.Pulumi(t, "stack", "select", "--create", s.Name)
	// A slow machine is not a broken one.
	patient := []string{"rolloutTimeout=600", "addressTimeout=600"}
	s.Configure(t, slices.Concat(Configuration(s.Site.Settings), patient, s.Always, config)...)
}

// Running is Ready, with the stack up and its Pods ready. If the scenarios before used the same configuration, and only
// looked or removed what Kubernetes replaces, there is nothing to do.
func (s *Stack) Running(t *testing.T, config ...string) Outputs {
	t.Helper()
	s.Project = s.Site.Project(t)
	disturbed := s.Disturbed()
	if disturbed > Looked || !slices.Equal(config, s.config) {
		s.Ready(t, config...)
		// No preview: this is not what a scenario is about, and nearly all of them begin with it.
		up := []string{"--non-interactive", "up", "--skip-preview"}
		if disturbed == Drifted || s.config == nil {
			up = append(up, "--refresh")
		}
		s.AfterInterruption(t, "pulumi", up...) // a failed scenario may have left a lock
		s.config, s.outputs = append([]string{}, config...), s.Outputs(t)
	}
	s.AwaitReplicas(t, s.outputs.Namespace, s.outputs.Replicas)
	Eventually(t, s.outputs.URL, IsGreeting)
	s.Settled()
	return s.outputs
}

// Last returns the outputs of the stack when it was last Running.
func (s *Stack) Last() Outputs { return s.outputs }

// Forget records that no other scenario can use what the stack runs.
func (s *Stack) Forget() { s.config = nil }
