//go:build e2e

package e2e

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

var goFile = regexp.MustCompile("(?ms)^```go\n(package .*?)^```$")

// testFurtherServer adds a second server with an image of its own, and an object, by docs/several.md. Both images are one
// version, which a rollback brings back.
func testFurtherServer(t *testing.T) {
	hello.Ready(t, "replicas=2", "egress=hello:8080")
	t.Cleanup(hello.Forget)
	page := hello.Read(t, "docs/several.md")
	code := goFile.FindSubmatch(page)
	if code == nil {
		t.Fatal("docs/several.md has no file of Go")
	}
	write := func(file, text string) {
		run(t, hello.Project, "bash", "-euc", `mkdir -p "$(dirname "$0")"; printf %s "$1" >"$0"`, file, text)
	}
	t.Cleanup(func() { run(t, hello.Project, "rm", "-rf", "prices", "infra/prices.go") })
	write("infra/prices.go", string(code[1]))
	write("prices/main.go", strings.Replace(string(hello.Read(t, "e2e/several/server/main.go")), "os.Getenv(\"POD_NAME\")", `"coffee for", os.Getenv("COFFEE")`, 1))
	run(t, hello.Project, "bash", "-euc", commandsWith(t, "docs/several.md", "prices/Dockerfile"))
	call := "\tif err := s.runPrices(hello); err != nil {\n\t\treturn err\n\t}\n"
	if !strings.Contains(string(page), call) {
		t.Fatal("docs/several.md does not call it")
	}
	const next = "\tif err := s.installDashboard("
	hello.Edit(t, "infra/deploy.go", next, call+next)

	says := func(want string) {
		t.Helper()
		for _, pod := range hello.Pods(t, "hello").Ready() {
			if strings.HasPrefix(pod.Name, "prices-") { // a node may ask its Pods
				said := drive.Docker(t, "exec", pod.Node, "curl", "--silent", "http://"+hello.Address(t, "hello", pod.Name, "8080"))
				if strings.TrimSpace(said) != want {
					t.Errorf("%s says %q, want %q", pod.Name, said, want)
				}
			}
		}
	}
	images := func() (further string) {
		var outputs struct{ Images map[string]string }
		if err := json.Unmarshal([]byte(hello.Pulumi(t, "stack", "output", "--json")), &outputs); err != nil {
			t.Fatal(err)
		}
		return outputs.Images["prices"]
	}

	hello.Pulumi(t, "up")
	says("coffee for 3.50")
	first, server := images(), hello.Outputs(t).Image
	if said := run(t, hello.Project, "make", "status"); !drive.HasLine(said, "deployment prices: 2/2 ready") {
		t.Errorf("make status does not know it: %s", said)
	}

	hello.Edit(t, "prices/main.go", "coffee for", "a coffee for")
	hello.Pulumi(t, "up")
	says("a coffee for 3.50")
	second := images()
	if first == second || hello.Outputs(t).Image != server {
		t.Errorf("the images are %s and %s, and the server's is %s", first, second, hello.Outputs(t).Image)
	}
	if said := run(t, hello.Project, "make", "history"); !strings.Contains(said, "changed: image of prices") {
		t.Errorf("make history does not tell what changed: %s", said)
	}

	run(t, hello.Project, "make", "rollback")
	says("coffee for 3.50")
	if now := images(); now != first {
		t.Errorf("after make rollback, it runs %s, want %s", now, first)
	}
	run(t, hello.Project, "make", "forward")
	says("a coffee for 3.50")

	// What the registry loses is pushed again.
	registry := clusterSettings["REGISTRY"]
	drive.Docker(t, "run", "--rm", "--volumes-from", registry, "golang:1.26", "rm", "-r", "/var/lib/registry/docker/registry/v2/repositories/hello-world/prices")
	drive.Docker(t, "restart", registry)
	run(t, hello.Project, "make", "up")
	drive.Docker(t, "manifest", "inspect", "--insecure", images())

	// Without its state, the object is taken over as the service's own are.
	state := hello.Pulumi(t, "stack", "--show-urns")
	urn := regexp.MustCompile(`urn:pulumi:\S+:ConfigMap::prices`).FindString(state)
	hello.Pulumi(t, "state", "delete", "--target-dependents", "--yes", urn)
	hello.Edit(t, "infra/prices.go", "3.50", "3.60")
	hello.Pulumi(t, "up")
	says("a coffee for 3.60")

	run(t, hello.Project, "rm", "-r", "prices", "infra/prices.go")
	hello.Ready(t, "replicas=2")
	hello.Pulumi(t, "up")
	if left := hello.Kubectl(t, "get", "deployments,configmaps", "-n", "hello", "-o", "name"); strings.Contains(strings.Join(left, " "), "prices") {
		t.Errorf("it is left: %q", left)
	}
}
