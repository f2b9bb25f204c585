//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// testDrift changes by kubectl what the stack declares. `pulumi up --refresh`
// says what had changed, and declares it again. Without a refresh a namespace that
// is not there any more is noticed all the same, before anything is changed.
func (f *faults) testDrift(t *testing.T) {
	other := f.images[0]
	if hello.Outputs(t).Image == other {
		other = f.images[1]
	}
	for _, test := range []struct {
		name    string
		kubectl []string
		says    []string
		noticed bool // without a refresh, too
	}{
		{"Scaled", []string{"scale", "deployment/hello", "--replicas", "1"}, []string{"Deployment hello update", "[diff: "}, false},
		{"AnotherImage", []string{"set", "image", "deployment/hello", "hello=" + other}, []string{"Deployment hello update", "[diff: "}, false},
		{"ServiceDeleted", []string{"delete", "service/hello-service"}, []string{"Service hello-service create"}, false},
		{"IngressDeleted", []string{"delete", "ingress/hello-ingress"}, []string{"Ingress hello-ingress create"}, false},
		{"NamespaceDeleted", []string{"delete", "namespace", f.Namespace}, []string{"Namespace hello create", "Deployment hello create"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			declared := hello.Outputs(t)
			hello.Kubectl(t, append([]string{"-n", f.Namespace}, test.kubectl...)...)

			if test.noticed {
				const command = `"pulumi up --refresh"`
				if said, err := hello.Output("pulumi", "--non-interactive", "up"); err == nil || !strings.Contains(err.Error(), command) {
					t.Errorf("pulumi up does not name %s: %s, %v", command, said, err)
				}
			}
			said := hello.Pulumi(t, "up", "--refresh")

			for _, words := range test.says {
				if !drive.HasLine(said, words) {
					t.Errorf("it does not say %q: %s", words, said)
				}
			}
			f.whole(t)
			drive.Eventually(t, f.URL, drive.IsGreeting)
			if now := hello.Outputs(t); now != declared {
				t.Errorf("the outputs are %+v, were %+v", now, declared)
			}
			hello.Pulumi(t, "up", "--refresh", "--expect-no-changes")
		})
	}
}
