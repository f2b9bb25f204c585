//go:build e2e

// Package interrupted tests the way from no cluster to a service that answers,
// for somebody who is interrupted all the time.
package interrupted

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// The names and ports differ from those that people use, and from those of the
// other tests.
var settings = map[string]string{
	"CLUSTER":       "hello-interrupted",
	"NODES":         "1",
	"HTTP_PORT":     "18081",
	"REGISTRY":      "hello-interrupted-registry",
	"REGISTRY_PORT": "15002",
}

// Each `make up` continues where the one before it ended, and the last one
// brings the service up.
func TestUp(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	hello, err := drive.NewProject(root, settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(hello.Dir) })
	down := func() {
		if err := hello.Show("cluster/down.sh"); err != nil {
			t.Error(err)
		}
	}
	down() // what a run that was interrupted itself may have left
	t.Cleanup(down)
	t.Cleanup(func() { hello.EndOrphans(t) })
	hello.Pulumi(t, "stack", "init", "dev")
	hello.Configure(t, settings)

	for _, how := range []drive.Interruption{
		{At: "registry " + settings["REGISTRY"] + ": runs", Signal: syscall.SIGINT, All: true},
		{At: "Preparing nodes", Signal: syscall.SIGINT, All: true},
		{At: "Starting control-plane", Signal: syscall.SIGKILL}, // what make runs does not notice, and goes on
		{At: "Pulumi program: compiling", Signal: syscall.SIGINT, All: true},
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
	if left, err := hello.Output("kind", "get", "clusters"); err != nil || strings.Contains(left, settings["CLUSTER"]) {
		t.Errorf("clusters left: %q, error %v", left, err)
	}
	hello.Pulumi(t, "stack", "rm", "dev", "--yes", "--preserve-config") // refuses while resources are left
}
