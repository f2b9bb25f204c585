//go:build e2e

package faults

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// drift changes with kubectl what the stack declares. `pulumi up --refresh` says what changed, and restores it.
var drift = drive.Suite{Name: "Drift", Scenarios: []drive.Scenario{
	{Name: "ChangedByHand", Run: testChangedByHand},
	{Name: "NamespaceDeleted", Run: testNamespaceDeleted, Soak: true},
	{Name: "StateLost", Run: testStateLost},
	{Name: "StateForgets", Run: testStateForgets, Soak: true},
}}

func testChangedByHand(t *testing.T) {
	f := threeReplicas(t)
	for _, kubectl := range [][]string{
		{"scale", "deployment/hello", "--replicas", "1"},
		{"set", "image", "deployment/hello", "hello=localhost:1/other:1"},
		{"delete", "service/hello-service"},
		{"delete", "ingress/hello-ingress"},
	} {
		hello.Kubectl(t, append([]string{"-n", f.Namespace}, kubectl...)...)
	}
	f.refreshed(t, "Deployment hello update [diff:", "Service hello-service create", "Ingress hello-ingress create")
}

// refreshed fails the test unless `pulumi up --refresh` says what changed, and restores everything that is declared.
func (f *underTest) refreshed(t *testing.T, says ...string) {
	t.Helper()
	said := hello.Pulumi(t, "up", "--refresh")
	for _, words := range says {
		if !drive.HasLine(said, words) {
			t.Errorf("it does not say %q: %s", words, said)
		}
	}
	f.asDeclared(t)
}

// asDeclared fails the test unless the service runs as it did at the start, and Pulumi has nothing to do.
func (f *underTest) asDeclared(t *testing.T) {
	t.Helper()
	f.awaitThreePods(t)
	drive.Eventually(t, f.URL, drive.IsGreeting)
	if now := hello.Outputs(t); now != f.Outputs {
		t.Errorf("the outputs are %+v, were %+v", now, f.Outputs)
	}
	hello.Pulumi(t, "up", "--refresh", "--expect-no-changes")
}

// A plain `pulumi up` asks only the state, except about namespaces.
func testNamespaceDeleted(t *testing.T) {
	f := threeReplicas(t)
	hello.Kubectl(t, "delete", "namespace", f.Namespace)
	const command = `"pulumi up --refresh"`
	if said, err := hello.Output("pulumi", "--non-interactive", "up"); err == nil || !strings.Contains(err.Error(), command) {
		t.Errorf("pulumi up does not name %s: %s, %v", command, said, err)
	}
	f.refreshed(t, "Namespace hello create", "Deployment hello create")
}

// testStateForgets does what an interrupted `pulumi destroy` does on a slow machine: the state no longer has what goes with a
// namespace, but the cluster has not heard yet. What is declared next differs, so that the cluster has to choose.
func testStateForgets(t *testing.T) {
	f := threeReplicas(t)
	var state map[string]any
	if err := json.Unmarshal([]byte(hello.Pulumi(t, "stack", "export")), &state); err != nil {
		t.Fatal(err)
	}
	deployment := state["deployment"].(map[string]any)
	all := deployment["resources"].([]any)
	kept := slices.DeleteFunc(slices.Clone(all), func(resource any) bool { return resource.(map[string]any)["deletedWith"] != nil })
	if len(all)-len(kept) < 10 {
		t.Fatalf("of %d resources, only %d go with a namespace", len(all), len(all)-len(kept))
	}
	deployment["resources"] = kept
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	hello.Pulumi(t, "stack", "import", "--file", drive.File(t, "state.json", string(text)))
	hello.Configure(t, "replicas=4", "port=9190")

	f.expectNoBadAnswer(t, func() { hello.Pulumi(t, "up") })
	hello.AwaitReplicas(t, f.Namespace, 4)
	hello.Pulumi(t, "up", "--refresh", "--expect-no-changes")
}

// cluster lists the objects in the cluster, with their versions.
func (f *underTest) cluster(t *testing.T) string {
	t.Helper()
	return strings.Join(hello.Kubectl(t, "get", "namespaces,deployments,services,ingresses,configmaps", "--all-namespaces",
		"-o", `jsonpath={range .items[*]}{.kind}/{.metadata.name}@{.metadata.uid}/{.metadata.generation} {end}`), " ")
}
