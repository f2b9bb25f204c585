//go:build e2e

// Package e2e tests the project as on a laptop: on a kind cluster of its own, with one stack that all scenarios share.
package e2e

import (
	"os"
	"slices"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// The cluster's names and ports differ from the user's.
var clusterSettings = map[string]string{
	"CLUSTER":       "hello-e2e",
	"NODES":         "3",
	"HTTP_PORT":     "18080",
	"REGISTRY":      "hello-e2e-registry",
	"REGISTRY_PORT": "15001",
}

var site = &drive.Site{Root: "..", Settings: clusterSettings, Up: "cluster/up.sh"}

// hello is the project under test. Each scenario begins with [running], or with [ready], which make it.
var hello *drive.Project

func TestMain(m *testing.M) {
	os.Exit(site.Main(m, makeUp, service, policies, strangers, dashboard, live, dev, drift, interruption, faults, makeDown, keep))
}

// The suites, in the order in which they run.

func TestMakeUp(t *testing.T)       { makeUp.Run(t, site) }
func TestService(t *testing.T)      { service.Run(t, site) }
func TestPolicies(t *testing.T)     { policies.Run(t, site) }
func TestStrangers(t *testing.T)    { strangers.Run(t, site) }
func TestDashboard(t *testing.T)    { dashboard.Run(t, site) }
func TestLive(t *testing.T)         { live.Run(t, site) }
func TestDev(t *testing.T)          { dev.Run(t, site) }
func TestDrift(t *testing.T)        { drift.Run(t, site) }
func TestInterruption(t *testing.T) { interruption.Run(t, site) }
func TestFaults(t *testing.T)       { faults.Run(t, site) }
func TestMakeDown(t *testing.T)     { makeDown.Run(t, site) }
func TestKeep(t *testing.T)         { keep.Run(t, site) }

// stack is the stack that all scenarios share.
const stack = "dev"

// ready configures the stack with entries "key=value" and what leads to the cluster, and restores the sources from the
// checkout, whatever the last scenario has left. It does not change what the cluster runs.
func ready(t *testing.T, config ...string) {
	t.Helper()
	configured(t, site.Project(t), config...)
}

// configured does the same, whether there is a cluster or not.
func configured(t *testing.T, project *drive.Project, config ...string) {
	t.Helper()
	hello = project
	if err := hello.Restore(); err != nil {
		t.Fatal(err)
	}
	hello.Pulumi(t, "stack", "select", "--create", stack)
	// A slow machine is not a broken one.
	patient := []string{"rolloutTimeout=600", "addressTimeout=600"}
	hello.Configure(t, slices.Concat(drive.Configuration(clusterSettings), patient, config)...)
}

// running is ready, with the stack up and its Pods ready. If the scenarios before used the same configuration, and only
// looked or removed what Kubernetes replaces, there is nothing to do.
func running(t *testing.T, config ...string) drive.Outputs {
	t.Helper()
	hello = site.Project(t)
	disturbed := hello.Disturbed()
	if disturbed > drive.Looked || !slices.Equal(config, now.config) {
		ready(t, config...)
		up := []string{"--non-interactive", "up", "--skip-preview"}
		if disturbed == drive.Drifted || now.config == nil {
			up = append(up, "--refresh")
		}
		hello.AfterInterruption(t, "pulumi", up...) // a failed scenario may have left a lock
		now.config, now.outputs = append([]string{}, config...), hello.Outputs(t)
	}
	hello.Whole(t, now.outputs.Namespace, now.outputs.Replicas)
	drive.Eventually(t, now.outputs.URL, drive.IsGreeting)
	hello.Settled()
	return now.outputs
}

// now is the last scenario's configuration, and its outputs.
var now struct {
	config  []string
	outputs drive.Outputs
}
