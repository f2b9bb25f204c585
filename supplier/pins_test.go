package supplier

import (
	"os"
	"regexp"
	"testing"

	"example.com/hello-world/supplier/images"
	"example.com/hello-world/supplier/pins"
)

// The program and the Dockerfile name images by tag, and go.mod files pin what is
// supplied under these names. The two must not drift apart.
func TestImagesThatAreSuppliedAreThoseThatAreUsed(t *testing.T) {
	traefik, err := pins.In("..", "traefik").Version("github.com/traefik/traefik/v3")
	if err != nil {
		t.Fatal(err)
	}
	golang, err := pins.Module{Dir: ".."}.GoVersion()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ file, pattern, want string }{
		{"../infra/traefik/traefik.go", `"traefik:(v[^"]+)"`, traefik},
		{"../infra/postgres/postgres.go", `Image = "(postgres:[^"]+)"`, images.Postgres},
		{"../Dockerfile", `GO_IMAGE=golang:(\S+)`, golang},
		{"../ship/cluster/registry.go", `"(registry:3)"`, "registry:3"},
	} {
		text, err := os.ReadFile(test.file)
		if err != nil {
			t.Fatal(err)
		}
		// The last one counts: comments with examples come first.
		found := regexp.MustCompile(test.pattern).FindAllStringSubmatch(string(text), -1)
		if len(found) == 0 && test.file == "../Dockerfile" && adopted(t) {
			continue // it builds a server in another way
		}
		if len(found) == 0 || found[len(found)-1][1] != test.want {
			t.Errorf("%s uses %q, supplied is %s", test.file, found, test.want)
		}
	}
}
