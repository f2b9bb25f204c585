//go:build e2e

package e2e

import (
	"fmt"
	"syscall"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// testInterruption ends pulumi in the middle of its work, by Ctrl-C and by
// SIGKILL. The next command works, after the one that its message names where a
// lock was left, and nothing of the interrupted one stays behind.
func (f *faults) testInterruption(t *testing.T) {
	for i, test := range []struct {
		moment  string
		command string
	}{
		{"Image hello-world updating", "up"},
		{"Image hello-world updating Pushed", "up"},
		{"Deployment hello updating", "up"},
		{"Namespace hello deleting", "destroy"},
		// The cluster goes on with what it was told.
		{"Namespace hello deleting scheduled for deletion", "destroy"},
		// The other one has gone too, or is about to, and the state may not know.
		{"Namespace traefik deleted", "destroy"},
	} {
		for _, how := range []drive.Interruption{
			{At: test.moment, Signal: syscall.SIGINT, All: true},
			{At: test.moment, Signal: syscall.SIGKILL},
		} {
			t.Run(how.String(), func(t *testing.T) {
				const comment = "// hello greets"
				hello.Edit(t, "app/hello.go", comment, fmt.Sprintf("// Interrupted %d by %s.\n%s", i, how.Signal, comment))
				hello.Interrupt(t, how, "pulumi", "--non-interactive", test.command)
				t.Cleanup(func() { hello.EndOrphans(t) })

				hello.AfterInterruption(t, "pulumi", "--non-interactive", "up")
				f.whole(t)
				drive.Eventually(t, f.URL, drive.IsGreeting)
				hello.Pulumi(t, "up", "--refresh", "--expect-no-changes")
			})
		}
	}
}
