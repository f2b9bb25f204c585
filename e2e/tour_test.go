//go:build e2e

package e2e

import (
	"regexp"
	"strings"
	"testing"
)

var block = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// commandsWith returns the commands of the page's first block with that text.
func commandsWith(t *testing.T, page, with string) string {
	t.Helper()
	for _, commands := range block.FindAllStringSubmatch(string(hello.Read(t, page)), -1) {
		if strings.Contains(commands[1], with) {
			return commands[1]
		}
	}
	t.Fatalf("%s has no command with %q", page, with)
	return ""
}

// testTour runs the commands of docs/tour.md as they are written, in one shell, except for the port, and with the
// dashboard's image at hand.
func testTour(t *testing.T) {
	nothing(t)
	// Its last step reverts what it changed.
	if _, err := hello.Output("bash", "-euc", "git init --quiet && git add --all && git -c user.name=e2e -c user.email=e2e@example.com commit --quiet --message tour"); err != nil {
		t.Fatal(err)
	}
	script := "set -euo pipefail\n"
	for _, commands := range block.FindAllStringSubmatch(string(hello.Read(t, "docs/tour.md")), -1) {
		script += commands[1]
	}
	const dashboard = "pulumi config set dashboard true\n"
	script = strings.Replace(script, dashboard, hello.SupplyDashboard(t, "localhost:"+clusterSettings["REGISTRY_PORT"])+dashboard, 1)
	script = strings.ReplaceAll(script, "127.0.0.1:8080", "127.0.0.1:"+clusterSettings["HTTP_PORT"])
	said, err := hello.Output("bash", "-c", script)
	t.Log(said)
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{" 400 200\n", "10 hello-", "http://127.0.0.1:" + clusterSettings["HTTP_PORT"] + "/dashboard/"} {
		if !strings.Contains(said, words) {
			t.Errorf("it does not say %q", words)
		}
	}
	site.Made(false)
	// The last command also ends the Docker Engine, if `make tools` started it.
	if _, err := hello.Output("make", "tools"); err != nil {
		t.Fatal(err)
	}
	expectNothingLeft(t)
}
