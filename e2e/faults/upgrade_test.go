//go:build e2e

package faults

import (
	"os/exec"
	"regexp"
	"slices"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// testOldStack updates a stack that an early version of the program made. The names of its objects are the same, and so are
// Pulumi's: nothing is replaced but Traefik's ConfigMap, which Pulumi had named at random and is named after its content now.
func testOldStack(t *testing.T) {
	const early = "a8ba276"
	f := threeReplicas(t)
	hello.Pulumi(t, "destroy")
	old := t.TempDir()
	archive := `git -C "$0" archive "$1" | tar -x -C "$2"`
	if out, err := exec.Command("bash", "-euo", "pipefail", "-c", archive, site.Root, early, old).CombinedOutput(); err != nil {
		t.Fatalf("this checkout has no commit %s, 'git fetch --unshallow' gets it: %v: %s", early, err, out)
	}
	of := []string{"-C", old, "--stack", hello.Name}
	hello.Pulumi(t, append(drive.ConfigSet(append(drive.Configuration(clusterSettings), "replicas=3")...), of...)...)
	hello.Pulumi(t, append([]string{"up"}, of...)...)
	f.awaitThreePods(t)

	hello.Ready(t, "replicas=3")
	f.expectNoBadAnswer(t, func() {
		said := hello.Pulumi(t, "up")
		replaced := slices.Compact(regexp.MustCompile(`\S+ \S+ deleted original`).FindAllString(said, -1))
		if !slices.Equal(replaced, []string{"kubernetes:core/v1:ConfigMap traefik deleted original"}) {
			t.Errorf("replaced is %q: %s", replaced, said)
		}
		f.awaitThreePods(t)
	})
	hello.Pulumi(t, "up", "--refresh", "--expect-no-changes")
}
