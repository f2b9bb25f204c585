//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testBadInput sets one wrong value after another on a running stack. Each error names the key, the value and what is
// accepted, in the preview and without one, and neither the stack nor the cluster changes.
func testBadInput(t *testing.T) {
	namespace := hello.Running(t).Namespace
	file := "Pulumi." + hello.Name + ".yaml"
	config := hello.Read(t, file)
	before := hello.Fingerprint(t, namespace)

	for _, test := range []struct {
		key, value string
		says       []string
	}{
		{"replicas", "many", []string{"replicas", "many", "0", "1000"}},
		{"target", "moon", []string{"target", "moon", "kind", "cloud"}},
		{"replica", "3", []string{"replica", "not a key", "did you mean replicas?"}},
		{"context", "kind-nowhere", []string{"context", "kind-nowhere", "kind-" + clusterSettings["CLUSTER"]}},
		{"egress", "db.example.com:5432", []string{"egress", "db.example.com:5432", "none, or a list of any, namespaces and addresses"}},
		{"namespace", "default", []string{"namespace", "default", "not this stack's", "not there yet"}},
	} {
		t.Run(test.key+"="+test.value, func(t *testing.T) {
			hello.Pulumi(t, "config", "set", test.key, "--", test.value)
			for _, up := range [][]string{
				{"up"},
				{"up", "--skip-preview"}, // as `make dev` does; otherwise the preview refuses it first
			} {
				out, err := hello.Output("pulumi", append([]string{"--non-interactive"}, up...)...)
				if err == nil {
					t.Fatalf("pulumi %q accepted it: %s", up, out)
				}
				for _, words := range test.says {
					if !strings.Contains(err.Error(), words) {
						t.Errorf("pulumi %q: the message lacks %q: %v", up, words, err)
					}
				}
			}
			if after := hello.Fingerprint(t, namespace); after != before {
				t.Errorf("something changed:\nbefore %s\nafter  %s", before, after)
			}
		})
		if err := os.WriteFile(filepath.Join(hello.Dir, file), config, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	hello.Pulumi(t, "up", "--expect-no-changes")
}
