//go:build e2e

package makeup

import (
	"net/http"
	"strings"
	"syscall"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// Each `make up` continues where the one before it ended, and the last one
// brings the service up.
func testInterrupted(t *testing.T) {
	hello := nothing(t)
	for _, how := range []drive.Interruption{
		{At: "registry " + site.Settings["REGISTRY"] + ": runs", Signal: syscall.SIGINT, All: true},
		{At: "Preparing nodes", Signal: syscall.SIGINT, All: true},
		{At: "Starting control-plane", Signal: syscall.SIGKILL}, // what make runs does not notice, and goes on
		{At: "Pulumi program: compiling", Signal: syscall.SIGINT, All: true},
		{At: "Namespace hello creating", Signal: syscall.SIGKILL, All: true},
	} {
		t.Log(how)
		if strings.Contains(how.At, "compiling") { // on a fast machine it is over by now
			hello.Edit(t, "infra/main.go", "// Command infra", "// Command  infra")
		}
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
	down(t, hello)
	said, err := hello.Output("make", "up")
	if err != nil {
		t.Fatal(err)
	}
	answers(said)

	if _, err := hello.Output("scripts/down.sh", "dev"); err != nil {
		t.Fatal(err)
	}
	gone(t, hello)
}
