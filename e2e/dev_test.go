//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// dev edits the server while `make dev` watches: a good edit reaches the cluster by itself, a broken one leaves the old
// version there.
var dev = drive.Suite{Name: "Dev", Scenarios: []drive.Scenario{{Name: "Edits", Run: testEdits}}}

func testEdits(t *testing.T) {
	hello.Running(t)
	says := watching(t, hello.Name)

	says(t, "start: no changes", " answers")
	url := hello.Outputs(t).URL
	greets := func(greeting string) {
		t.Helper()
		drive.Eventually(t, url, func(status int, body string) bool {
			return status == http.StatusOK && strings.Contains(body, "<h1>"+greeting+"</h1>")
		})
	}

	hello.Edit(t, "app/hello.go", "Hello world", "Hello again")
	says(t, "app/hello.go: rolled out in", " answers")
	greets("Hello again")

	hello.Edit(t, "app/hello.go", "package main\n", "package main\n\nfunc broken( {\n")
	says(t, "app/hello.go: failed after", "the previous version keeps running")
	says(t, "app/hello.go:", "syntax error")
	greets("Hello again")

	hello.Edit(t, "app/hello.go", "func broken( {\n", "")
	hello.Edit(t, "app/hello.go", "Hello again", "Hello world")
	says(t, "app/hello.go: rolled out in", " answers")
	greets("Hello world")

	// Not every server says which version it is.
	hello.Edit(t, "app/server.go", `below+"whoami"`, `below+"unknown"`)
	says(t, "app/server.go: rolled out in", ", the service answers")

	hello.Pulumi(t, "config", "set", "replicas", "2")
	says(t, "Pulumi."+hello.Name+".yaml: rolled out in", " answers")
	if outputs := hello.Outputs(t); outputs.Replicas != 2 {
		t.Errorf("%d replicas run, want 2", outputs.Replicas)
	}
}

// watching runs `make dev` until the test ends, and returns a function that waits for a line
// with all the words.
func watching(t *testing.T, stack string) func(*testing.T, ...string) {
	t.Helper()
	cmd := hello.Command(context.Background(), "scripts/dev.sh", stack)
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
	return func(t *testing.T, words ...string) {
		t.Helper()
		for limit := time.After(3 * time.Minute); ; {
			select {
			case line, more := <-lines:
				t.Log(line)
				if !more {
					t.Fatal("make dev ended")
				}
				lacks := func(word string) bool { return !strings.Contains(line, word) }
				if !slices.ContainsFunc(words, lacks) {
					return
				}
			case <-limit:
				t.Fatalf("there is no line with %q", words)
			}
		}
	}
}
