//go:build e2e

package drive

import (
	"errors"
	"fmt"
	"os"
	"testing"
)

// RunOnCluster runs the tests on the cluster that the script up makes, and
// removes that and the project's copy afterwards. It returns the exit code.
func (p *Project) RunOnCluster(m *testing.M, up string) int {
	const down = "cluster/down.sh"
	defer os.RemoveAll(p.Dir)
	defer p.Show(down)
	// A run that was interrupted may have left its cluster behind.
	if err := errors.Join(p.Show(down), p.Show(up)); err != nil {
		fmt.Fprintln(os.Stderr, "error: the cluster did not come up:", err)
		return 1
	}
	return m.Run()
}

// Configure has the selected stack go to the cluster that cluster/up.sh makes
// with these settings.
func (p *Project) Configure(t *testing.T, settings map[string]string) {
	t.Helper()
	for _, args := range Configuration(settings) {
		p.Pulumi(t, args...)
	}
}

// Configuration are the pulumi commands, as their arguments, that have a stack go
// to the cluster that cluster/up.sh makes with these settings.
func Configuration(settings map[string]string) [][]string {
	return [][]string{
		{"config", "set", "context", "kind-" + settings["CLUSTER"]},
		{"config", "set", "registry", "localhost:" + settings["REGISTRY_PORT"]},
		{"config", "set", "ingressAddress", "127.0.0.1:" + settings["HTTP_PORT"]},
	}
}
