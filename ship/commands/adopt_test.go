package commands

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// original is a checkout with one line of everything that make adopt changes, or leaves.
var original = map[string]string{
	"Pulumi.yaml":                    "name: hello-world\nruntime: go\n",
	"Pulumi.dev.yaml":                "config:\n  hello-world:egress: none # as the hello server\n",
	"go.mod":                         "module example.com/hello-world\n",
	"supplier/modules/pulumi/go.mod": "module example.com/hello-world/supplier/modules/pulumi\n",
	"supplier/cache.go":              "package supplier\n\nimport _ \"example.com/hello-world/supplier/supply\"\n\nconst folder = \"hello-world\"\n",
	"infra/service.go":               "package main\n\n// hello runs.\nfunc hello() { hello.New(`hello`, \"/hello\", \"hello-service\", \"hello-world/state\", \"app/hello.go\") }\n",
	"app/hello.go":                   "package main\n\nconst path = \"/hello\"\n",
	"ship/cluster/settings.go":       "package cluster\n\nvar ports = []any{\"app-cluster\", \"kind-registry\", \"HTTP_PORT\", 8080, \"REGISTRY_PORT\", 5001}\n",
	"e2e/logs.sh":                    "kubectl logs --selector app=hello # docker image prune --filter label=hello-world.project\n",
	"docs/tour.md":                   "curl http://127.0.0.1:8080/hello of port 8080, port 8080 on 127.0.0.1, localhost:5001/hello-world:1, ~/.cache/hello-world\n",
}

var adopted = map[string]string{
	"Pulumi.yaml":              "name: shop\nruntime: go\n",
	"Pulumi.dev.yaml":          "config:\n  shop:egress: none # as the hello server\n",
	"go.mod":                   "module example.com/shop\n",
	"supplier/cache.go":        "package supplier\n\nimport _ \"example.com/shop/supplier/supply\"\n\nconst folder = \"hello-world\"\n",
	"infra/service.go":         "package main\n\n// hello runs.\nfunc hello() { hello.New(`shop`, \"/shop\", \"shop-service\", \"hello-world/state\", \"app/hello.go\") }\n",
	"ship/cluster/settings.go": "package cluster\n\nvar ports = []any{\"shop-cluster\", \"shop-registry\", \"HTTP_PORT\", 8166, \"REGISTRY_PORT\", 5087}\n",
	"e2e/logs.sh":              "kubectl logs --selector app=shop # docker image prune --filter label=hello-world.project\n",
	"docs/tour.md":             "curl http://127.0.0.1:8166/shop of port 8080, port 8166 on 127.0.0.1, localhost:5087/shop:1, ~/.cache/hello-world\n",
}

func TestAdopt(t *testing.T) {
	c := checkOut(t)
	if said, err := c.adopt(t, "shop"); err != nil {
		t.Fatal(said, err)
	}
	c.holds(t, adopted)
	c.git(t, "commit", "--quiet", "--all", "--message", "adopted")
	c.refuses(t, adopted, "other", "the project shop already")
}

func TestAdoptRefuses(t *testing.T) {
	c := checkOut(t)
	for _, name := range []string{"", "Shop", "1shop", "-shop", "shop-", "my_shop", "my shop", "$(id)", "shop/x", "shöp", strings.Repeat("s", 31)} {
		c.refuses(t, nil, name, `NAME is "`+name+`": accepted are 1 to 30 lower-case letters`)
	}
	for _, name := range []string{"hello", "hello-world", "hello-e2e", "app", "kind", "traefik", "headlamp", "default", "kube-system"} {
		c.refuses(t, nil, name, `NAME is "`+name+`", which something else`)
	}

	const state = ".pulumi-state/.pulumi/stacks/hello-world/dev.json"
	c.write(t, state, `{"resources": [{"urn": "urn:pulumi:dev"}]}`)
	c.refuses(t, nil, "shop", "the stack dev of hello-world runs from this checkout")
	c.write(t, state, `{"manifest": {}}`) // destroyed

	edited := map[string]string{"go.mod": original["go.mod"] + "// edited\n"}
	c.write(t, "go.mod", edited["go.mod"])
	c.refuses(t, edited, "shop", "changes that are not committed")

	c.git(t, "reset", "--quiet", "--hard")
	if err := os.RemoveAll(filepath.Join(string(c), ".git")); err != nil {
		t.Fatal(err)
	}
	c.refuses(t, nil, "shop", "no checkout of git")
}

// checkOut makes a folder with the original, and the script.
func checkOut(t *testing.T) folder {
	t.Helper()
	c := newCheckout(t)
	for file, text := range original {
		c.write(t, file, text)
	}
	c.git(t, "init", "--quiet")
	c.git(t, "add", ".")
	c.git(t, "commit", "--quiet", "--message", "original")
	return c
}

func (c folder) git(t *testing.T, args ...string) {
	t.Helper()
	args = append([]string{"-C", string(c), "-c", "user.name=test", "-c", "user.email=test@example.com"}, args...)
	if said, err := exec.Command("git", args...).CombinedOutput(); err != nil {
		t.Fatalf("git %q: %v: %s", args, err, said)
	}
}

func (c folder) adopt(t *testing.T, name string) (said string, err error) {
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(string(c)))
	t.Setenv("NAME", name)
	return c.runs(t, "adopt")
}

// refuses wants an error of those words, and the files as they were: those of the original, but for these.
func (c folder) refuses(t *testing.T, but map[string]string, name, words string) {
	t.Helper()
	if said, err := c.adopt(t, name); err == nil || !strings.Contains(said, words) {
		t.Errorf("NAME=%s: it says %q, error %v, want one that says %q", name, said, err, words)
	}
	c.holds(t, but)
}

// holds wants the original's files, but for these.
func (c folder) holds(t *testing.T, but map[string]string) {
	t.Helper()
	want := maps.Clone(original)
	maps.Copy(want, but)
	for file, text := range want {
		got, err := os.ReadFile(filepath.Join(string(c), file))
		if err != nil || string(got) != text {
			t.Errorf("%s is %q, error %v, want %q", file, got, err, text)
		}
	}
}
