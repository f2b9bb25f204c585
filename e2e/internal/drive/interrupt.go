//go:build e2e

package drive

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Interruption ends a command while it runs.
type Interruption struct {
	// At is when: as soon as a line of its output has these words, in this order.
	At string
	// Signal is the signal that it gets.
	Signal syscall.Signal
	// All sends the signal also to everything that the command started, as a terminal does at Ctrl-C. Otherwise that runs on.
	All bool
}

// Interrupt starts a command, interrupts it, and returns when it has ended. What it started may then still run.
func (p *Project) Interrupt(t *testing.T, i Interruption, name string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	// Not a pipe: a process that writes to one without a reader would end too.
	said, err := os.Create(filepath.Join(t.TempDir(), "said"))
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	cmd := p.Command(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = said, said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()

	for !HasLine(read(t, said.Name()), i.At) {
		select {
		case err := <-ended:
			t.Fatalf("%s %q ended, %v, and never said %q: %s", name, args, err, i.At, read(t, said.Name()))
		case <-time.After(20 * time.Millisecond):
		}
	}
	p.Disturb(Drifted)
	who := cmd.Process.Pid
	if i.All {
		who = -who
	}
	if err := syscall.Kill(who, i.Signal); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil && i.Signal == syscall.SIGKILL {
		t.Logf("%s %q was over before it could be killed", name, args)
	}
}

// AfterInterruption runs a command that must succeed, if need be after commands that its
// errors name, and returns what it printed.
func (p *Project) AfterInterruption(t *testing.T, name string, args ...string) string {
	t.Helper()
	said, err := p.Output(name, args...)
	for _, named := range []string{"cancel", "up --refresh"} {
		if err != nil && strings.Contains(err.Error(), "pulumi "+named) {
			t.Logf("it names pulumi %s", named)
			p.Pulumi(t, append(strings.Fields(named), "--yes")...)
			said, err = p.Output(name, args...)
		}
	}
	if err != nil {
		t.Fatalf("after it was interrupted: %v: %s", err, said)
	}
	return said
}

// EndOrphans ends what a killed make or pulumi has left running. Otherwise the next scenario
// would wait for a cluster that is still being made, or for a plugin without an engine.
func (p *Project) EndOrphans(t *testing.T) {
	t.Helper()
	orphans, _ := exec.Command("pgrep", "--full", p.Dir+"/.*/pulumi|^bin/ship ").Output() // fails if there is none
	for _, orphan := range strings.Fields(string(orphans)) {
		pid, _ := strconv.Atoi(orphan)
		if folder, err := os.Readlink("/proc/" + orphan + "/cwd"); err != nil || !strings.HasPrefix(folder, p.Dir) {
			continue
		}
		// What it started is in its group, unless that is the test's own.
		if group, err := syscall.Getpgid(pid); err == nil && group != syscall.Getpgrp() {
			pid = -group
		}
		if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
			t.Logf("kill %d: %v", pid, err)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// HasLine reports whether a line of the text has the words in their order.
func HasLine(text, words string) bool {
	for line := range strings.Lines(text) {
		if hasWords(line, strings.Fields(words)) {
			return true
		}
	}
	return false
}

func hasWords(line string, words []string) bool {
	for _, word := range words {
		_, after, found := strings.Cut(line, word)
		if !found {
			return false
		}
		line = after
	}
	return true
}

func (i Interruption) String() string {
	who := "it"
	if i.All {
		who = "all"
	}
	return fmt.Sprintf("%s/%s/%s", i.At, i.Signal, who)
}
