//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// testKubeScore lets kube-score judge our objects as they are in the cluster. It fails for
// anything that kube-score calls critical.
func testKubeScore(t *testing.T) {
	var objects string
	// With replicas to spare.
	for _, namespace := range []string{hello.Running(t, "replicas=3").Namespace, "traefik"} {
		out, err := hello.Output("kubectl", append(slices.Clone(hello.Cluster), "get", "-n", namespace, "-o", "yaml",
			"deployments,services,ingresses,networkpolicies,poddisruptionbudgets")...)
		if err != nil {
			t.Fatal(err)
		}
		objects += out + "---\n"
	}
	said, err := hello.Output("go", "tool", "-modfile", "supplier/modules/lint/go.mod", "kube-score", "score", "--output-format", "ci",
		drive.File(t, "objects.yaml", objects))
	if err != nil {
		t.Error(err)
	}
	for _, judged := range []string{"hello/hello apps/v1/Deployment", "traefik/traefik apps/v1/Deployment"} {
		if !strings.Contains(said, judged) {
			t.Errorf("%s was not judged: %s", judged, said)
		}
	}
}

// testNoToken looks for a token with which the server could talk to Kubernetes.
func testNoToken(t *testing.T) {
	outputs := hello.Running(t, "replicas=3")
	tokens := func(namespace string) []string {
		return hello.Kubectl(t, "get", "pods", "-n", namespace, "-o", "jsonpath={.items[*].spec.volumes[*].projected.sources[*].serviceAccountToken.path}")
	}
	if got := tokens(outputs.Namespace); len(got) > 0 {
		t.Errorf("the Pods have %q of a service account", got)
	}
	if len(tokens("traefik")) == 0 {
		t.Error("Traefik has none either, so this test does not see them")
	}
}
