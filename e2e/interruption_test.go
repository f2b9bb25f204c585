//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// testInterruption ends pulumi in the middle of its work, by Ctrl-C and by
// SIGKILL. The next command works, after the one that its message names where a
// lock was left, and nothing of the interrupted one stays behind.
func (f *faults) testInterruption(t *testing.T) {
	for i, test := range []struct {
		moment string // words of the line at which pulumi is ended
		args   []string
	}{
		{"Image hello-world updating", []string{"up"}},
		{"Image hello-world updating Pushed", []string{"up"}},
		{"Deployment hello updating", []string{"up"}},
		{"Namespace hello deleting", []string{"destroy"}},
	} {
		for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
			t.Run(fmt.Sprintf("%s/%s", test.moment, signal), func(t *testing.T) {
				const comment = "// hello greets"
				hello.Edit(t, "app/hello.go", comment, fmt.Sprintf("// Interrupted %d by %s.\n%s", i, signal, comment))
				interrupt(t, signal, test.moment, test.args...)
				t.Cleanup(func() { endOrphans(t) })

				said, err := hello.Output("pulumi", "--non-interactive", "up")
				if err != nil && strings.Contains(err.Error(), "pulumi cancel") {
					t.Log("it names pulumi cancel")
					hello.Pulumi(t, "cancel", "--yes")
					said, err = hello.Output("pulumi", "--non-interactive", "up")
				}
				if err != nil {
					t.Fatalf("after it was interrupted: %v: %s", err, said)
				}
				f.whole(t)
				drive.Eventually(t, f.URL, drive.IsGreeting)
				hello.Pulumi(t, "up", "--refresh", "--expect-no-changes")
			})
		}
	}
}

// interrupt runs pulumi and sends it the signal once it prints a line with the words.
func interrupt(t *testing.T, signal syscall.Signal, words string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := hello.Command(ctx, "pulumi", append([]string{"--non-interactive"}, args...)...)
	if signal == syscall.SIGINT {
		// A terminal sends Ctrl-C to all that it runs.
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	interrupted := false
	var said strings.Builder
	for lines := bufio.NewScanner(output); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if !interrupted && hasWords(lines.Text(), words) {
			interrupted = true
			who := cmd.Process.Pid
			if signal == syscall.SIGINT {
				who = -who
			}
			if err := syscall.Kill(who, signal); err != nil {
				t.Fatal(err)
			}
		}
	}
	err = cmd.Wait()
	if !interrupted {
		t.Fatalf("it never said %q: %v: %s", words, err, &said)
	}
	if signal == syscall.SIGKILL && err == nil {
		t.Errorf("it succeeded although it was killed: %s", &said)
	}
}

// endOrphans ends what was started for a pulumi that was killed: plugins do not
// notice that, and would wait for it.
func endOrphans(t *testing.T) {
	t.Helper()
	orphans, _ := exec.Command("pgrep", "--full", hello.Dir+"/bin/pulumi").Output() // fails if there is none
	for _, orphan := range strings.Fields(string(orphans)) {
		if out, err := exec.Command("kill", orphan).CombinedOutput(); err != nil {
			t.Logf("kill %s: %v: %s", orphan, err, out)
		}
	}
}
