//go:build e2e

package faults

import (
	"os/exec"
	"regexp"
	"slices"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// testOldStack updates a stack that an earlier version of the program made. The names of its objects are the same, and so are
// Pulumi's. Only what is named after its content is replaced: Traefik's ConfigMap, and with a secret the Secret, which is now
// a version's own.
func testOldStack(t *testing.T, commit string, secret bool) {
	want := []string{"kubernetes:core/v1:ConfigMap traefik deleted original"}
	f := threeReplicas(t)
	hello.Pulumi(t, "destroy")
	old := t.TempDir()
	archive := `git -C "$0" archive "$1" | tar -x -C "$2"`
	if out, err := exec.Command("bash", "-euo", "pipefail", "-c", archive, site.Root, commit, old).CombinedOutput(); err != nil {
		t.Fatalf("this checkout has no commit %s, 'git fetch --unshallow' gets it: %v: %s", commit, err, out)
	}
	of := []string{"-C", old, "--stack", hello.Name}
	set := func(of ...string) {
		if secret {
			hello.Pulumi(t, append([]string{"config", "set", "--secret", "--path", `secretEnv["LOG_LEVEL"]`, "warn"}, of...)...)
		}
	}
	hello.Pulumi(t, append(drive.ConfigSet(append(drive.Configuration(clusterSettings), "replicas=3")...), of...)...)
	set(of...)
	hello.Pulumi(t, append([]string{"up"}, of...)...)
	f.awaitThreePods(t)

	hello.Ready(t, "replicas=3")
	hello.Forget()
	set()
	if secret {
		want = append(want, "kubernetes:core/v1:Secret hello-env deleted original")
	}
	f.expectNoBadAnswer(t, func() {
		said := hello.Pulumi(t, "up")
		replaced := regexp.MustCompile(`\S+ \S+ deleted original`).FindAllString(said, -1)
		slices.Sort(replaced)
		if replaced = slices.Compact(replaced); !slices.Equal(replaced, want) {
			t.Errorf("replaced is %q, want %q: %s", replaced, want, said)
		}
		f.awaitThreePods(t)
	})
	hello.Pulumi(t, "up", "--refresh", "--expect-no-changes")
}
