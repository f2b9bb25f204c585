//go:build e2e

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// testKubeScore has kube-score judge our objects as they are in the cluster. It
// fails for whatever it calls critical.
func testKubeScore(t *testing.T) {
	var objects string
	// With replicas to spare.
	for _, namespace := range []string{running(t, "replicas=3").Namespace, "traefik"} {
		out, err := hello.Output("kubectl", append(slices.Clone(hello.Cluster), "get", "-n", namespace, "-o", "yaml",
			"deployments,services,ingresses,networkpolicies,poddisruptionbudgets")...)
		if err != nil {
			t.Fatal(err)
		}
		objects += out + "---\n"
	}
	said, err := hello.Output("go", "tool", "-modfile", "offline/modules/lint/go.mod", "kube-score", "score", "--output-format", "ci",
		file(t, "objects.yaml", objects))
	if err != nil {
		t.Error(err)
	}
	for _, judged := range []string{"hello/hello apps/v1/Deployment", "traefik/traefik apps/v1/Deployment"} {
		if !strings.Contains(said, judged) {
			t.Errorf("%s was not judged: %s", judged, said)
		}
	}
}

// testNoToken looks for what would let the server talk to Kubernetes.
func testNoToken(t *testing.T) {
	outputs := running(t, "replicas=3")
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

// testNetworkPolicy asks the service's Pods from one that has no business there.
// Whether the policies hold is up to the cluster's network.
func testNetworkPolicy(t *testing.T) {
	outputs := running(t, "replicas=3")
	hello.Kubectl(t, "run", "stranger", "-n", "default", "--image", outputs.Image, "--restart", "Never")
	t.Cleanup(func() { hello.Kubectl(t, "delete", "pod", "stranger", "-n", "default", "--now") })
	hello.Kubectl(t, "wait", "pod/stranger", "-n", "default", "--for", "condition=Ready", "--timeout", "60s")
	pod, way := addressOfOne(t, outputs.Namespace), addressOfOne(t, "traefik")

	if !strangerReaches(t, way+":8000") {
		t.Fatal("the stranger does not even reach Traefik")
	}
	if strangerReaches(t, pod+":8080") {
		if enforced(t, way+":8000") {
			t.Error("the stranger reaches the server")
		} else {
			t.Log("NOT TESTED: THE NETWORK OF THIS CLUSTER DOES NOT ENFORCE POLICIES, as that of built node images does not")
		}
		return
	}
	t.Log("the network of this cluster enforces policies")
	if strangerReaches(t, pod+":9090") {
		t.Error("the stranger reaches the admin port")
	}
	drive.Eventually(t, outputs.URL, drive.IsGreeting)
}

// enforced reports whether the network enforces policies: one by which the
// stranger must not talk to anybody, of which there is somebody that it reaches.
func enforced(t *testing.T, somebody string) bool {
	t.Helper()
	policy, err := json.Marshal(map[string]any{
		"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
		"metadata": map[string]any{"name": "silence", "namespace": "default"},
		"spec":     map[string]any{"podSelector": map[string]any{}, "policyTypes": []string{"Egress"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	name := file(t, "policy.json", string(policy))
	hello.Kubectl(t, "create", "-f", name)
	defer hello.Kubectl(t, "delete", "-f", name)
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(time.Second) {
		if !strangerReaches(t, somebody) {
			return true
		}
	}
	return false
}

// strangerReaches reports whether the stranger gets an answer from an address.
// Its image holds the server and no client: the node's is run in its network.
func strangerReaches(t *testing.T, address string) bool {
	t.Helper()
	where := hello.Kubectl(t, "get", "pod", "stranger", "-n", "default", "-o", "jsonpath={.spec.nodeName} {.metadata.uid}")
	const ask = `process=$(grep --files-with-matches --no-messages "pod${0//-/.}" /proc/[0-9]*/cgroup | head -1 | cut -d/ -f3)
		nsenter --net --target "${process:?}" curl --silent --max-time 3 "http://$1/" >/dev/null && echo answered || echo silence`
	return strings.Contains(docker(t, "exec", where[0], "bash", "-uc", ask, where[1], address), "answered")
}

// addressOfOne is the IP address of one of a namespace's Pods.
func addressOfOne(t *testing.T, namespace string) string {
	t.Helper()
	return hello.Kubectl(t, "get", "pods", "-n", namespace, "--field-selector", "status.phase=Running", "-o", "jsonpath={.items[*].status.podIP}")[0]
}

// file writes a file that lives as long as the test.
func file(t *testing.T, name, contents string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(contents), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
