//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// keep runs a scenario again and again, as in search of a bug.
var keep = drive.Suite{Name: "Keep", Scenarios: []drive.Scenario{{Name: "UsedAgain", Run: testUsedAgain, Soak: true}}}

// testUsedAgain keeps the cluster with KEEP=1. The next run uses it again, and a run without KEEP removes it.
func testUsedAgain(t *testing.T) {
	nothing(t)
	tested := func(keep string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run", "^TestService$/^Up$")
		cmd.Env = append(os.Environ(), "KEEP="+keep, "SCENARIOS=any")
		said, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("with KEEP=%s: %v: %s", keep, err, said)
		}
		return string(said)
	}
	cluster := func() string {
		return drive.Docker(t, "inspect", "--format", "{{.Id}}", clusterSettings["CLUSTER"]+"-control-plane")
	}

	first := tested("1")
	look := regexp.MustCompile(`kubectl .* get all .*`).FindString(first)
	if said, err := hello.Output("bash", "-c", look); err != nil || !strings.Contains(said, "deployment.apps/hello") {
		t.Errorf("%q shows %s, error %v", look, said, err)
	}
	made := cluster()
	if again := tested("1"); !strings.Contains(again, "kept from the last run") || cluster() != made {
		t.Errorf("the cluster was recreated: %s", again)
	}
	if last := tested(""); strings.Contains(last, "kept: ") {
		t.Errorf("without KEEP it says %s", last)
	}
	if left, err := hello.Output("kind", "get", "clusters"); err != nil || strings.Contains(left, clusterSettings["CLUSTER"]) {
		t.Errorf("clusters left: %q, error %v", left, err)
	}
}
