//go:build e2e

package drive

import "testing"

// Configuration returns the configuration, entries "key=value", for a stack of target kind on the cluster that
// `make cluster` makes with these settings.
func Configuration(settings map[string]string) []string {
	return []string{
		"context=kind-" + settings["CLUSTER"],
		"registry=localhost:" + settings["REGISTRY_PORT"],
		"ingressAddress=127.0.0.1:" + settings["HTTP_PORT"],
	}
}

// ConfigSet returns the arguments of the pulumi command that sets such entries, all at once.
func ConfigSet(entries ...string) []string {
	args := []string{"config", "set-all"}
	for _, entry := range entries {
		args = append(args, "--plaintext", entry)
	}
	return args
}

// Configure sets entries "key=value" of the selected stack's configuration.
func (p *Project) Configure(t *testing.T, entries ...string) {
	t.Helper()
	p.Pulumi(t, ConfigSet(entries...)...)
}
