//go:build e2e

package drive

import (
	"bufio"
	"context"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Watching runs `make dev` until the test ends, and returns a function that waits for a line
// with all the words. That function returns the lines up to this one.
func (p *Project) Watching(t *testing.T, stack string) func(*testing.T, ...string) []string {
	t.Helper()
	// Without make, which would end before what it runs.
	cmd := p.Command(context.Background(), "bin/ship", "dev", "--stack", stack)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			lines <- scanner.Text()
		}
	}()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGINT)
		for range lines {
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("make dev ends with %v", err)
		}
	})
	return func(t *testing.T, words ...string) (said []string) {
		t.Helper()
		for limit := time.After(3 * time.Minute); ; {
			select {
			case line, more := <-lines:
				t.Log(line)
				said = append(said, line)
				if !more {
					t.Fatal("make dev ended")
				}
				lacks := func(word string) bool { return !strings.Contains(line, word) }
				if !slices.ContainsFunc(words, lacks) {
					return said
				}
			case <-limit:
				t.Fatalf("there is no line with %q", words)
			}
		}
	}
}
