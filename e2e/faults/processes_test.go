//go:build e2e

package faults

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/load"
)

// works checks that the worker works in that version, and that the job says so when it runs now.
func (d *deployment) works(t *testing.T, version string) {
	t.Helper()
	logs := append(slices.Clone(d.Cluster), "logs", "-n", d.name, "-l", "app=hello-mails", "--tail", "1")
	for deadline := time.Now().Add(drive.Patience); ; time.Sleep(500 * time.Millisecond) {
		if said, _ := d.Output("kubectl", logs...); strings.Contains(said, "worked, version "+version) {
			break
		} else if time.Now().After(deadline) {
			t.Errorf("the worker says %s, want version %s", said, version)
			break
		}
	}
	if said, err := d.Output("make", "run", "JOB=nightly"); err != nil || !strings.Contains(said, "times, version "+version+"\n") {
		t.Errorf("make run JOB=nightly says %s, error %v", said, err)
	}
}

// testProcesses rolls out versions of a server with a worker and a job, and lets these fail. Users notice nothing.
func testProcesses(t *testing.T) {
	s := api
	s.name, s.config = "processes", []string{"path=/processes", "healthPath=/processes/healthz /processes/livez", "egress=none",
		`workers={"mails":{"args":["work"],"replicas":2}}`, `jobs={"nightly":{"schedule":"0 3 1 1 *","timeZone":"Europe/Zurich","args":["report"]},"often":{"schedule":"* * * * *","args":["report"]}}`}
	d := s.copyOf(t, api.image(t))
	d.up(t)
	requests := load.Start(d.url(), d.says, 100)
	defer requests.Stop() // if the test ends early
	d.works(t, "one")
	if said, err := d.Output("make", "status"); err != nil || !strings.Contains(said, "hello-mails: 2/2 ready") || !strings.Contains(said, "cron job    hello-nightly: ") {
		t.Errorf("make status says %s, error %v", said, err)
	}
	if said, err := d.Output("make", "top"); err != nil || !drive.HasLine(said, "hello 2/2") || !drive.HasLine(said, "hello-mails 2/2") || !strings.Contains(said, "hello has no figures of requests: ") {
		t.Errorf("make top says %s, error %v", said, err)
	}

	// Commands by hand get the environment, and end as what they run ends.
	if said, err := d.Output("make", "run", "ARGS=report"); err != nil || !strings.Contains(said, "times, version one\n") {
		t.Errorf("a command says %s, error %v", said, err)
	}
	if said, err := d.Output("make", "run", "ARGS=report 3"); err == nil || !strings.Contains(said+err.Error(), "exit code 3") {
		t.Errorf("a command that fails says %s, error %v", said, err)
	}
	if said, err := d.Output("make", "run", "ARGS=dance"); err == nil || !strings.Contains(said+err.Error(), "no command is called dance") {
		t.Errorf("an unknown command says %s, error %v", said, err)
	}
	if said, err := d.Output("make", "run", "JOB=weekly"); err == nil || !strings.Contains(said+err.Error(), "the job weekly: there is none") {
		t.Errorf("of an unknown job it says %s, error %v", said, err)
	}
	if said := d.Typing(t, "hello\n", "ship", "run", "--attach", "--", "echo"); !strings.Contains(said, "you said hello") {
		t.Errorf("a command on a terminal says %s", said)
	}
	for deadline := time.Now().Add(drive.Patience); ; time.Sleep(time.Second) { // the cluster deletes its Pod first
		left := d.Kubectl(t, "get", "jobs", "-n", d.name, "-l", "hello-world/command-of", "-o", "name")
		if len(left) == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("Jobs are left: %v", left)
		}
	}

	// A new version is one of all.
	d.Configure(t, `env={"VERSION":"two"}`)
	d.Pulumi(t, "up")
	d.answers(t, "version two")
	d.works(t, "two")

	// A worker that fails at its start fails the update. The old one works on.
	d.Configure(t, "rolloutTimeout=30", `workers={"mails":{"args":["dance"],"replicas":2}}`)
	said, err := d.Output("pulumi", "--non-interactive", "up")
	if err == nil || !strings.Contains(said+err.Error(), "no command is called dance") || !strings.Contains(said+err.Error(), "the last version keeps running") {
		t.Errorf("pulumi up of a worker that fails says %s, error %v", said, err)
	}
	if said, err := d.Output("make", "status"); err == nil || !strings.Contains(said, "hello-mails: ") {
		t.Errorf("make status says %s, error %v", said, err)
	}
	d.works(t, "two")
	d.Configure(t, "rolloutTimeout=600")
	if said, err := d.Output("make", "rollback"); err != nil {
		t.Fatal(said, err)
	}
	d.works(t, "one")
	if said, err := d.Output("make", "status"); err != nil {
		t.Errorf("make status after the rollback says %s, error %v", said, err)
	}
	d.Pulumi(t, "config", "rm", "hold")
	d.Pulumi(t, "config", "rm", "workers")
	d.Pulumi(t, "config", "set", "--path", "workers.mails.args[0]", "work")
	d.Pulumi(t, "config", "set", "--path", "workers.mails.replicas", "2")

	if ran := d.Kubectl(t, "get", "jobs", "-n", d.name, "-l", "hello-world/job=often", "-o", "jsonpath={.items[*].status.succeeded}"); !slices.Contains(ran, "1") {
		t.Errorf("the job of every minute has run: %v", ran)
	}

	// A job that fails is seen, until it has run well.
	for _, command := range [][]string{ // as docs/operations.md has it
		{"config", "rm", "jobs"}, {"config", "set", "--path", "jobs.nightly.schedule", "0 3 * * *"},
		{"config", "set", "--path", "jobs.nightly.args[0]", "report"}, {"config", "set", "--path", "jobs.nightly.args[1]", "4"}, {"up"},
	} {
		d.Pulumi(t, command...)
	}
	if said, err := d.Output("make", "run", "JOB=nightly"); err == nil || !strings.Contains(said+err.Error(), "the job nightly: hello-nightly ended with exit code 4") {
		t.Errorf("a job that fails says %s, error %v", said, err)
	}
	if said, err := d.Output("make", "status"); err == nil || !strings.Contains(said, "the job nightly failed") {
		t.Errorf("make status does not tell of it: %s, error %v", said, err)
	}
	d.Pulumi(t, "config", "set", "--path", "jobs.nightly.args[1]", "0")
	d.Pulumi(t, "up")
	d.works(t, "two")
	if said, err := d.Output("make", "status"); err != nil {
		t.Errorf("make status says %s, error %v", said, err)
	}

	// Without them, nothing of them is left.
	d.Pulumi(t, "config", "rm", "workers")
	d.Pulumi(t, "config", "rm", "jobs")
	d.Pulumi(t, "up")
	for _, kind := range []string{"deployment/hello-mails", "cronjob/hello-nightly", "networkpolicy/hello-mails", "pdb/hello-mails"} {
		if left := d.Kubectl(t, "get", kind, "-n", d.name, "--ignore-not-found", "-o", "name"); len(left) > 0 {
			t.Errorf("%s is left", kind)
		}
	}
	if report := requests.Stop(); report.Bad > 0 || report.Slowest > stall {
		t.Errorf("users noticed: %s", report)
	} else {
		t.Log(report)
	}
}
