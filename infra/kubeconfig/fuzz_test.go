package kubeconfig_test

import (
	"testing"

	"example.com/hello-world/infra/kubeconfig"
)

// Whatever the key kubeconfig holds, it is a kubeconfig or is refused.
func FuzzParse(f *testing.F) {
	for _, contents := range []string{
		"", "a", "contexts: [{name: a}]", "contexts: [{name: a, context: null}]", "users: [{name: b, user: null}]\ncurrent-context: a",
		"apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: 'https://127.0.0.1:6443', certificate-authority-data: x}}]",
		"contexts:\n- name: a\n  context: {cluster: c, user: u}\nusers: [{name: u, user: {exec: {command: true}}}]",
	} {
		f.Add(contents)
	}
	f.Fuzz(func(t *testing.T, contents string) {
		config, err := kubeconfig.Parse(contents)
		if err != nil {
			return
		}
		config.HoldsCredentials()
		for _, name := range config.Names() {
			if _, there := config.Contexts[name]; !there {
				t.Errorf("%q has no context %q", contents, name)
			}
		}
	})
}
