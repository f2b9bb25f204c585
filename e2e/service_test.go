//go:build e2e

package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/infra/traefik"
)

// service does what a user does with a stack, from the first `pulumi up` to `pulumi destroy`.
var service = drive.Suite{Name: "Service", Scenarios: []drive.Scenario{
	{Name: "Up", Run: testUp},
	{Name: "NothingToDo", Run: testNothingToDo},
	{Name: "Collected", Run: testCollected, Soak: true},
	{Name: "BadInput", Run: testBadInput},
	{Name: "Values", Run: testValues},
	{Name: "Pairs", Run: testPairs},
	{Name: "PairsUp", Run: testPairsUp, Soak: true},
	{Name: "Scale", Run: testScale},
	{Name: "Healthy", Run: testHealthy},
	{Name: "StatusOfOthers", Run: testStatusOfOthers},
	{Name: "NotHealthy", Run: testNotHealthy},
	{Name: "KnowsNoPath", Run: testKnowsNoPath},
	{Name: "Top", Run: testTop},
	{Name: "Logs", Run: testLogs},
	{Name: "Trace", Run: testTrace},
	{Name: "Open", Run: testOpen},
	{Name: "NoStack", Run: testNoStack},
	{Name: "KubeScore", Run: testKubeScore},
	{Name: "NoToken", Run: testNoToken},
	{Name: "Edit", Run: testEdit},
	{Name: "Attestations", Run: testAttestations},
	{Name: "RegistryLost", Run: testRegistryLost, Soak: true},
}}

func testUp(t *testing.T) {
	hello.Ready(t)
	said, err := hello.Output("make", "up")
	if err != nil {
		t.Fatal(err)
	}
	outputs := hello.Outputs(t)
	if end := said[strings.LastIndex(said, "the service runs: "):]; !strings.Contains(end, outputs.URL) || !drive.IsGreeting(http.StatusOK, end) {
		t.Errorf("it does not end with the URL and an answer: %s", end)
	}

	if !strings.HasPrefix(outputs.Image, "localhost:15001/hello-world@sha256:") {
		t.Errorf("the image output is %q, want a digest in our registry", outputs.Image)
	}
	hello.AwaitReplicas(t, outputs.Namespace, 1) // the stack may have had others
	body := drive.Eventually(t, outputs.URL, drive.IsGreeting)
	pods := hello.Kubectl(t, "get", "pods", "-n", outputs.Namespace, "-o", "name")
	if len(pods) != 1 {
		t.Fatalf("Pods are %q, want one", pods)
	}
	pod := strings.TrimPrefix(pods[0], "pod/")
	if !strings.Contains(body, pod) {
		t.Errorf("the answer does not name its Pod, %s: %s", pod, body)
	}
	running := hello.Kubectl(t, "get", "pods", "-n", outputs.Namespace, "-o", "jsonpath={.items[*].spec.containers[*].image}")
	if !slices.Equal(running, []string{outputs.Image}) {
		t.Errorf("the Pod runs %q, want the digest that was built, %q", running, outputs.Image)
	}
	controller := hello.Kubectl(t, "get", "pods", "-n", "traefik", "-o", "jsonpath={.items[*].spec.containers[*].image}")
	if slices.ContainsFunc(controller, func(image string) bool { return !strings.Contains(image, "@sha256:") }) {
		t.Errorf("the Ingress controller runs %q, want digests", controller)
	}
	if status, body, err := drive.Get("http://127.0.0.1:" + clusterSettings["HTTP_PORT"] + "/"); err != nil || status != http.StatusNotFound {
		t.Errorf("a path that is not ours answers %d %q, error %v; want 404", status, body, err)
	}
	if status, body, err := drive.Get(outputs.URL + "/metrics"); err != nil || strings.Contains(body, "go_goroutines") {
		t.Errorf("the metrics are reachable through the Ingress: %d %q, error %v", status, body, err)
	}
}

// testCollected checks that `make up` removes a version from the registry that is no longer in use, and nothing else.
func testCollected(t *testing.T) {
	outputs := hello.Running(t)
	here := "localhost:" + clusterSettings["REGISTRY_PORT"]
	there := func(image string) bool {
		_, err := hello.Output("docker", "manifest", "inspect", "--insecure", image)
		return err == nil
	}
	push := func(name string) string {
		drive.Docker(t, "tag", "registry:3", here+"/"+name)
		defer drive.Docker(t, "rmi", here+"/"+name)
		return drive.Push(t, here+"/"+name)
	}
	// At first, no other project uses the registry.
	for _, test := range []struct {
		pushes []string
		stays  bool
	}{
		{[]string{"hello-world:named-" + strings.Repeat("0", 64)}, false},
		{[]string{"hello-world:named-" + strings.Repeat("0", 64), "others"}, true},
	} {
		var old string
		for _, name := range test.pushes {
			old = here + "/hello-world@" + push(name)
			push("hello-world:" + strings.Replace(drive.Digest(old), ":", "-", 1)) // stands for what is attached to it
		}
		if _, err := hello.Output("make", "up"); err != nil {
			t.Fatal(err)
		}
		attached := func(image string) string {
			return here + "/hello-world:" + strings.Replace(drive.Digest(image), ":", "-", 1)
		}
		for image, want := range map[string]bool{
			old: test.stays, attached(old): test.stays, outputs.Image: true, attached(outputs.Image): true, here + "/library/" + traefik.Image: true,
		} {
			if there(image) != want {
				t.Errorf("after %q, the registry has %s: %v, want %v", test.pushes, image, !want, want)
			}
		}
	}
}

func testNothingToDo(t *testing.T) {
	before := hello.Running(t)
	pods := hello.Kubectl(t, "get", "pods", "-n", before.Namespace, "-o", "name")

	hello.Pulumi(t, "up", "--expect-no-changes")

	if after := hello.Outputs(t); after != before {
		t.Errorf("outputs changed from %+v to %+v", before, after)
	}
	if now := hello.Kubectl(t, "get", "pods", "-n", before.Namespace, "-o", "name"); !slices.Equal(now, pods) {
		t.Errorf("Pods changed from %q to %q", pods, now)
	}
}

func testScale(t *testing.T) {
	visitors := drive.Arrive(t, hello.Running(t).URL)
	hello.Pulumi(t, "config", "set", "replicas", "3")
	hello.Pulumi(t, "up")
	outputs := hello.Outputs(t)

	if outputs.Replicas != 3 {
		t.Errorf("the replicas output is %d, want 3", outputs.Replicas)
	}
	ready := hello.Kubectl(t, "get", "deployment", "hello", "-n", outputs.Namespace, "-o", "jsonpath={.status.readyReplicas}")
	if !slices.Equal(ready, []string{"3"}) {
		t.Errorf("ready replicas are %q right after pulumi up, want 3", ready)
	}
	visitors.Meet(t, hello.Project, outputs.Namespace, 3)
	nodes := map[string]bool{}
	for _, who := range drive.Answering(t, outputs.URL, 3, drive.AnyPod) {
		nodes[who.Node] = true
	}
	if len(nodes) < 2 {
		t.Errorf("three Pods run on the nodes %v of three, want them spread", nodes)
	}
}

func testEdit(t *testing.T) {
	before := hello.Running(t, "replicas=3")
	versions := map[string]bool{}
	for _, who := range drive.Answering(t, before.URL, 3, drive.AnyPod) {
		versions[who.Version] = true
	}

	hello.Edit(t, "app/hello.go", "Hello world", "Hello again")
	hello.Pulumi(t, "up")

	after := hello.Outputs(t)
	if after.Image == before.Image {
		t.Errorf("the image is still %s after an edit of the server", after.Image)
	}
	drive.Eventually(t, after.URL, func(status int, body string) bool {
		return status == http.StatusOK && strings.Contains(body, "<h1>Hello again</h1>")
	})
	// The old Pods answer until the Ingress controller has heard that they are leaving.
	isNew := func(who drive.Whoami) bool { return !versions[who.Version] }
	drive.Answering(t, after.URL, 3, isNew)
	drive.Settled(t, after.URL, isNew)

	// A file that is not compiled into the server must not cause a build.
	hello.Edit(t, "README.md", "# hello-world", "#  hello-world")
	hello.Pulumi(t, "up", "--expect-no-changes")

	// Nor must an edit without effect on the binary make another version.
	hello.Edit(t, "go.mod", "module example.com/hello-world", "// Another comment.\nmodule example.com/hello-world")
	hello.Edit(t, "app/hello.go", "Hello again", "Hello world")
	hello.Pulumi(t, "up")
	if reverted := hello.Outputs(t); reverted.Image != before.Image {
		t.Errorf("the same source gave the image %s before and %s now", before.Image, reverted.Image)
	}
	drive.Eventually(t, after.URL, drive.IsGreeting)
}
