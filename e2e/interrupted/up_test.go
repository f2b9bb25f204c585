//go:build e2e

// Package interrupted tests the way from no cluster to a service that answers,
// for somebody who is interrupted all the time.
package interrupted

import (
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// site gets its cluster from the test. Its names and ports differ from those
// that people use, and from those of the other tests.
var site = &drive.Site{Root: "../..", Settings: map[string]string{
	"CLUSTER":       "hello-interrupted",
	"NODES":         "1",
	"HTTP_PORT":     "18081",
	"REGISTRY":      "hello-interrupted-registry",
	"REGISTRY_PORT": "15002",
}}

var makeUp = drive.Suite{Name: "MakeUp", Scenarios: []drive.Scenario{{Name: "Interrupted", Run: testInterrupted}}}

func TestMakeUp(t *testing.T) { makeUp.Run(t, site) }

func TestMain(m *testing.M) { os.Exit(site.Main(m, makeUp)) }

// Each `make up` continues where the one before it ended, and the last one
// brings the service up.
func testInterrupted(t *testing.T) {
	hello := site.Uninhabited(t)
	down := func() {
		if err := hello.Show("cluster/down.sh"); err != nil {
			t.Error(err)
		}
	}
	down() // what a run that was interrupted itself may have left
	t.Cleanup(func() { hello.EndOrphans(t) })
	hello.Pulumi(t, "stack", "init", "dev")
	hello.Configure(t, drive.Configuration(site.Settings)...)

	for _, how := range []drive.Interruption{
		{At: "registry " + site.Settings["REGISTRY"] + ": runs", Signal: syscall.SIGINT, All: true},
		{At: "Preparing nodes", Signal: syscall.SIGINT, All: true},
		{At: "Starting control-plane", Signal: syscall.SIGKILL}, // what make runs does not notice, and goes on
		{At: "compiling the Pulumi program", Signal: syscall.SIGINT, All: true},
		{At: "Namespace hello creating", Signal: syscall.SIGKILL, All: true},
	} {
		t.Log(how)
		hello.Interrupt(t, how, "make", "up")
	}

	answers := func(said string) {
		t.Helper()
		if _, answer, _ := strings.Cut(said, "the service runs: "); !drive.IsGreeting(http.StatusOK, answer) {
			t.Errorf("it does not end with an answer of the service: %s", said)
		}
	}
	answers(hello.AfterInterruption(t, "make", "up"))

	// This is all that a `make down` has done if it is interrupted.
	down()
	said, err := hello.Output("make", "up")
	if err != nil {
		t.Fatal(err)
	}
	answers(said)

	if _, err := hello.Output("scripts/down.sh", "dev"); err != nil {
		t.Fatal(err)
	}
	if left, err := hello.Output("kind", "get", "clusters"); err != nil || strings.Contains(left, site.Settings["CLUSTER"]) {
		t.Errorf("clusters left: %q, error %v", left, err)
	}
	hello.Pulumi(t, "stack", "rm", "dev", "--yes", "--preserve-config") // refuses while resources are left
}
