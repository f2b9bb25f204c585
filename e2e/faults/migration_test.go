//go:build e2e

package faults

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/load"
)

// testMigration rolls out versions that need migrations, which last, fail, lose their Pod, and are interrupted. Each would fail
// if it ran twice. Nobody notices.
func testMigration(t *testing.T) {
	s := api
	s.name, s.config = "migration", []string{"path=/migration", "healthPath=/migration/healthz", "egress=none", "verify=/migration/notes"}
	d := s.copyOf(t, api.image(t))
	migrates := func(name, seconds string) {
		d.Pulumi(t, "config", "set", "migrate", fmt.Sprintf(`["migrate", %q, %q]`, name, seconds))
	}

	migrates("one", "3")
	if said := d.Pulumi(t, "preview"); !strings.Contains(said, `migrate: ["migrate" "one" "3"] runs before any Pod of the new version starts`) {
		t.Errorf("the preview does not say that it runs: %s", said)
	}
	d.up(t)
	d.Pulumi(t, "up", "--expect-no-changes")
	requests := load.Start(d.url(), d.says, 500)
	defer requests.Stop() // if the test ends early

	d.Configure(t, `env={"VERSION":"two"}`) // of the same image
	if said := d.Pulumi(t, "up"); strings.Contains(said, "migrated in") {
		t.Errorf("it runs twice: %s", said)
	}
	d.answers(t, "version two")

	migrates("one", "1") // another value, which fails: that table is there
	d.Configure(t, `env={"VERSION":"three"}`)
	for range 2 { // what failed runs again
		said, err := d.Output("pulumi", "--non-interactive", "up")
		if err == nil || !strings.Contains(err.Error(), "because of its migration: it failed: ") || !strings.Contains(err.Error(), `relation "begun_one" already exists`) {
			t.Errorf("it says %s, error %v", said, err)
		}
	}
	d.answers(t, "version two")

	migrates("two", "20")
	d.Interrupt(t, drive.Interruption{At: "two: 3 of 20", Signal: syscall.SIGKILL, All: true}, "pulumi", "--non-interactive", "up")
	if said := d.AfterInterruption(t, "pulumi", "--non-interactive", "up"); !strings.Contains(said, "two: 19 of 20") || !strings.Contains(said, "migrated in") {
		t.Errorf("it does not wait for the one that runs: %s", said)
	}
	d.answers(t, "version three")

	migrates("three", "30")
	d.Configure(t, `env={"VERSION":"four"}`)
	lost := make(chan error, 1)
	go func() {
		_, err := d.Output("pulumi", "--non-interactive", "up")
		lost <- err
	}()
	const label = "hello-world/migration-of=hello"
	for deadline := time.Now().Add(drive.Patience); ; time.Sleep(500 * time.Millisecond) {
		if said, _ := d.Output("kubectl", append(slices.Clone(d.Cluster), "logs", "-n", d.name, "-l", label)...); strings.Contains(said, "three: 3 of 30") {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("the migration says %s", said)
		}
	}
	d.Kubectl(t, "delete", "pods", "-n", d.name, "-l", label, "--field-selector", "status.phase=Running", "--wait=false")
	err := <-lost
	command := regexp.MustCompile(`kubectl delete job \S+ -n \S+ --context [^\s"]+`)
	if err == nil || !strings.Contains(err.Error(), "it lost its Pod, and may be half done") || !command.MatchString(err.Error()) {
		t.Fatalf("it does not say that it may be half done, and what to type: %v", err)
	}
	if _, again := d.Output("pulumi", "--non-interactive", "up"); again == nil || !strings.Contains(again.Error(), "may be half done") {
		t.Errorf("it runs again unasked: %v", again)
	}
	d.answers(t, "version three")
	d.Kubectl(t, "exec", "-n", d.database(), "deployment/postgres", "--", "psql", "-U", "postgres", "-c", "drop table begun_three")
	if said, err := d.Output("bash", "-c", command.FindString(err.Error())); err != nil {
		t.Fatal(said, err)
	}
	d.Pulumi(t, "up")
	d.answers(t, "version four")

	said, err := d.Output("make", "rollback")
	if err != nil || !strings.Contains(said, "what has been migrated stays") {
		t.Errorf("make rollback does not say that no migration is undone: %s, %v", said, err)
	}
	d.answers(t, "version three")
	if said, err := d.Output("make", "forward"); err != nil || strings.Contains(said, "migrated in") {
		t.Errorf("make forward says %s, error %v", said, err)
	}
	d.answers(t, "version four")
	d.whole(t)
	if report := requests.Stop(); report.Bad > 0 || report.Slowest > stall {
		t.Errorf("users noticed: %s", report)
	} else {
		t.Log(report)
	}
}
