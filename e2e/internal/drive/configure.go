//go:build e2e

package drive

import "testing"

// Configuration has a stack of target kind go to the cluster that cluster/up.sh makes with these settings. Its entries
// are "key=value".
func Configuration(settings map[string]string) []string {
	return []string{
		"context=kind-" + settings["CLUSTER"],
		"registry=localhost:" + settings["REGISTRY_PORT"],
		"ingressAddress=127.0.0.1:" + settings["HTTP_PORT"],
	}
}

// ConfigSet are the arguments of the pulumi command that sets entries like those, all at once.
func ConfigSet(entries ...string) []string {
	args := []string{"config", "set-all"}
	for _, entry := range entries {
		args = append(args, "--plaintext", entry)
	}
	return args
}

// Configure sets configuration of the selected stack, given as "key=value".
func (p *Project) Configure(t *testing.T, entries ...string) {
	t.Helper()
	p.Pulumi(t, ConfigSet(entries...)...)
}
