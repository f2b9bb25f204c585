//go:build e2e

package faults

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// drift changes with kubectl what the stack declares. `pulumi up --refresh` says what changed, and restores it.
var drift = drive.Suite{Name: "Drift", Scenarios: []drive.Scenario{
	{Name: "ChangedByHand", Run: testChangedByHand},
	{Name: "NamespaceDeleted", Run: testNamespaceDeleted},
	{Name: "StateLost", Run: testStateLost},
	{Name: "StateForgets", Run: testStateForgets},
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

// testStateLost loses the state, as a new clone of the project has none. To `pulumi up` and `make down`, what runs is another
// state's until the commands that they name hand it over; `make up` takes over the rest. When the old state is back, the new
// one has it all, until the old one takes it back.
func testStateLost(t *testing.T) {
	f := threeReplicas(t)
	old := drive.File(t, "state.json", hello.Pulumi(t, "stack", "export"))
	hello.Pulumi(t, "stack", "rm", hello.Name, "--force", "--yes", "--preserve-config")
	hello.Pulumi(t, "stack", "init", hello.Name)
	commands := []string{f.takeOver(f.Namespace), f.takeOver("traefik")}
	f.refusedWithout(t, commands...)

	f.expectNoBadAnswer(t, func() {
		if _, err := hello.Output("bash", "-c", commands[0]); err != nil {
			t.Fatal(err)
		}
		said, err := hello.Output("scripts/up.sh", hello.Name)
		if err != nil || !drive.HasLine(said, "namespace traefik: taken over from another state") || drive.HasLine(said, "namespace hello: taken over") {
			t.Errorf("make up takes over what is left: %s, %v", said, err)
		}
	})
	f.asDeclared(t)

	hello.Pulumi(t, "stack", "import", "--file", old)
	f.refusedWithout(t, append(commands, "it was taken over by ", hello.Dir)...)
	before := f.cluster(t)
	if said, err := hello.Output("pulumi", "--non-interactive", "destroy", "--skip-preview"); err == nil ||
		!strings.Contains(err.Error(), "nothing was deleted, another state of this stack has the namespace hello") {
		t.Errorf("pulumi destroy with a superseded state: %s, %v", said, err)
	}
	if after := f.cluster(t); after != before {
		t.Errorf("something changed:\nbefore %s\nafter  %s", before, after)
	}
	for _, command := range commands {
		if _, err := hello.Output("bash", "-c", command); err != nil {
			t.Fatal(err)
		}
	}
	hello.Pulumi(t, "up", "--refresh", "--skip-preview")
	f.asDeclared(t)
}

// takeOver returns the command that hands over a namespace.
func (f *underTest) takeOver(namespace string) string {
	return fmt.Sprintf("kubectl annotate namespace %s --context kind-%s hello-world/state- hello-world/taken-over-", namespace, clusterSettings["CLUSTER"])
}

// refusedWithout fails the test unless `pulumi up` and `make down` change nothing, and the former says these words.
func (f *underTest) refusedWithout(t *testing.T, says ...string) {
	t.Helper()
	before := f.cluster(t)
	said, err := hello.Output("pulumi", "--non-interactive", "up", "--skip-preview")
	if err == nil {
		t.Fatalf("pulumi up took over another state's namespace: %s", said)
	}
	for _, words := range says {
		if !strings.Contains(err.Error(), words) {
			t.Errorf("it does not say %q: %v", words, err)
		}
	}
	if said, err := hello.Output("scripts/down.sh", hello.Name); err == nil || !strings.Contains(err.Error(), "nothing was removed: another state of the stack") {
		t.Errorf("make down with another state's namespace: %s, %v", said, err)
	}
	if after := f.cluster(t); after != before {
		t.Errorf("something changed:\nbefore %s\nafter  %s", before, after)
	}
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

	f.expectNoBadAnswer(t, func() { hello.Pulumi(t, "up", "--skip-preview") })
	hello.AwaitReplicas(t, f.Namespace, 4)
	hello.Pulumi(t, "up", "--refresh", "--skip-preview", "--expect-no-changes")
}

// cluster lists the objects in the cluster, with their versions.
func (f *underTest) cluster(t *testing.T) string {
	t.Helper()
	return strings.Join(hello.Kubectl(t, "get", "namespaces,deployments,services,ingresses,configmaps", "--all-namespaces",
		"-o", `jsonpath={range .items[*]}{.kind}/{.metadata.name}@{.metadata.uid}/{.metadata.generation} {end}`), " ")
}
