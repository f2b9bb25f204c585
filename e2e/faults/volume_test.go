//go:build e2e

package faults

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// testVolume keeps files through rollouts, a deleted Pod and a refused destroy.
func testVolume(t *testing.T) {
	s := single
	s.name, s.config = "volume", []string{"replicas=1", "path=/volume", "healthPath=/healthz", "drainTime=1",
		`volume={"path":"/data","size":"16Mi"}`, `env={"VERSION":"one","DATA":"/data"}`}
	d := s.copyOf(t, single.image(t))
	d.up(t)
	visits := 0
	visit := func(version string) {
		t.Helper()
		drive.Eventually(t, d.url(), func(status int, body string) bool {
			var counted int
			if _, counts, _ := strings.Cut(body, "visit "); status == 200 && strings.Contains(body, "version "+version) {
				if _, err := fmt.Sscanf(counts, "%d <nil>", &counted); err == nil && counted > visits {
					visits = counted
					return true
				}
			}
			return false
		})
	}
	visit("one")
	d.Configure(t, `env={"VERSION":"two","DATA":"/data"}`)
	d.Pulumi(t, "up")
	visit("two")
	d.Kubectl(t, "delete", "pod", d.Pods(t, d.name)[0].Name, "-n", d.name)
	d.whole(t)
	visit("two")

	// Another command runs beside the Pod that has the volume, without it.
	if said, err := d.Output("make", "run", "ARGS=something else"); err != nil || !strings.Contains(said, "ran something else") {
		t.Errorf("make run says %s, error %v", said, err)
	}

	unprotect := regexp.MustCompile(`pulumi state unprotect '\S+'`)
	for _, refused := range [][]string{{"pulumi", "--non-interactive", "destroy"}, {"make", "down"}} {
		said, err := d.Output(refused[0], refused[1:]...)
		if err == nil || !unprotect.MatchString(said+err.Error()) {
			t.Errorf("%v says %s, error %v", refused, said, err)
		}
		visit("two")
	}
	d.Pulumi(t, "config", "rm", "volume")
	said, err := d.Output("pulumi", "--non-interactive", "up")
	if err == nil || !unprotect.MatchString(said+err.Error()) {
		t.Errorf("pulumi up without the volume says %s, error %v", said, err)
	}
	visit("two")
	if said, err := d.Output("bash", "-c", unprotect.FindString(said+fmt.Sprint(err))+" --yes"); err != nil {
		t.Fatal(said, err)
	}
	d.Pulumi(t, "destroy")
	if left := d.Kubectl(t, "get", "pv", "-o", "jsonpath={.items[*].spec.claimRef.namespace}"); strings.Contains(strings.Join(left, " "), d.name) {
		t.Logf("the cluster still deletes the volume: %v", left)
	}
}
