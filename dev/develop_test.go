package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// session is a project under development, with a pulumi that runs the file `do` of the project's folder, and a service
// whose version is the text of app/hello.go.
type session struct {
	project
	lines chan string  // that it prints
	stop  func() error // ends it, and returns its error
}

// begin starts develop and returns after its first line.
func begin(t *testing.T) *session {
	s := &session{project: folder(t, "app/hello.go", "infra/main.go"), lines: make(chan string)}
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		version, _ := os.ReadFile(filepath.Join(s.folder, "app/hello.go"))
		drains := filepath.Join(s.folder, "drains") // holds the version of a Pod that answers once more
		if old, err := os.ReadFile(drains); err == nil {
			version = old
			os.Remove(drains)
		}
		if string(version) == "does not say" && r.URL.Path == "/whoami" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, `{"version": %q}`, version)
	}))
	t.Cleanup(service.Close)

	tools := t.TempDir()
	pulumi := `#!/bin/bash
cd "` + s.folder + `"
echo "$@" >>arguments
echo '{"resOutputsEvent": {"metadata": {"type": "pulumi:pulumi:Stack", "new": {"outputs": {"url": "` + service.URL + `", "healthUrl": "` + service.URL + `/health", "image": "'"$(cat app/hello.go)"'"}}}}}'
if [[ -e do ]]; then . ./do; fi
`
	if err := os.WriteFile(filepath.Join(tools, "pulumi"), []byte(pulumi), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", tools+":"+os.Getenv("PATH"))

	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- develop(ctx, s.project, in)
		in.Close()
	}()
	go func() {
		defer close(s.lines)
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			s.lines <- scanner.Text()
		}
	}()
	s.stop = sync.OnceValue(func() error {
		cancel()
		for range s.lines {
		}
		return <-done
	})
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	})
	s.expect(t, "start: no changes, checked in ")
	return s
}

// expect fails the test unless the next line has the words.
func (s *session) expect(t *testing.T, words ...string) {
	t.Helper()
	select {
	case line, more := <-s.lines:
		if !more {
			t.Fatalf("it ended: %v", s.stop())
		}
		for _, part := range words {
			if !strings.Contains(line, part) {
				t.Errorf("the line lacks %q: %s", part, line)
			}
		}
	case <-time.After(20 * time.Second):
		t.Fatalf("there is no line with %q", words)
	}
}

// await waits until the file exists.
func (s *session) await(t *testing.T, file string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(s.folder, file)); err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("there is no %s", file)
		}
	}
}

func TestEachChangeIsRolledOut(t *testing.T) {
	s := begin(t)
	s.write(t, "do", `echo '{"summaryEvent": {"resourceChanges": {"same": 17, "update": 2}}}'`)
	s.write(t, "app/hello.go", "v2")
	s.expect(t, "app/hello.go: rolled out in ", "version v2 answers")
	s.write(t, "app/new/page.html", "v2")
	s.expect(t, "app/new/page.html: rolled out in ")
	s.write(t, "app/new/page.html", "v3") // in a folder that is younger than the watcher
	s.expect(t, "app/new/page.html: rolled out in ")

	arguments, err := os.ReadFile(filepath.Join(s.folder, "arguments"))
	if err != nil || strings.Count(string(arguments), "up --stack dev --skip-preview") != 4 {
		t.Errorf("pulumi was called with %q, error %v", arguments, err)
	}
}

// If one rollout follows another, Pods of the version before the last may still answer.
func TestVersionBeforeTheLastDoesNotCount(t *testing.T) {
	s := begin(t)
	s.write(t, "app/hello.go", "v2")
	s.expect(t, "app/hello.go: ", "version v2 answers")
	s.write(t, "app/hello.go", "v3")
	s.expect(t, "app/hello.go: ", "version v3 answers")
	s.write(t, "drains", "v2")
	s.write(t, "app/hello.go", "v4")
	s.expect(t, "app/hello.go: ", "version v4 answers")
	s.write(t, "drains", "v4")
	s.write(t, "app/hello.go", "v2") // again
	s.expect(t, "app/hello.go: ", "version v2 answers")
}

// Not every server knows /whoami.
func TestServerThatDoesNotSayItsVersion(t *testing.T) {
	s := begin(t)
	s.write(t, "app/hello.go", "does not say")
	s.expect(t, "app/hello.go: ", ", the service answers")
	s.write(t, "app/hello.go", "v2")
	s.expect(t, "app/hello.go: ", "version v2 answers")

	knowsNoPath := httptest.NewServer(http.NotFoundHandler())
	defer knowsNoPath.Close()
	if who, err := ask(t.Context(), outcome{url: knowsNoPath.URL, healthURL: knowsNoPath.URL + "/health"}); err == nil || !strings.Contains(err.Error(), "/health: 404 Not Found") {
		t.Errorf("a server that answers 404 says %v, %v", who, err)
	}
}

func TestFailureShowsWhatTheToolsSay(t *testing.T) {
	s := begin(t)
	s.write(t, "do", `echo '{"diagnosticEvent": {"severity": "info", "message": "chatter\n"}}'
echo '{"diagnosticEvent": {"severity": "error", "message": "building it:\napp/hello.go:3:1: undefined: x\n"}}'
echo '{"diagnosticEvent": {"severity": "error", "message": "update failed\n"}}'
exit 255`)
	s.write(t, "app/hello.go", "broken")
	s.expect(t, "app/hello.go: failed after ", "the previous version keeps running")
	s.expect(t, "    building it:")
	s.expect(t, "    app/hello.go:3:1: undefined: x")

	s.write(t, "do", "")
	s.write(t, "app/hello.go", "broken") // the same, to try again
	s.expect(t, "saved again: ", "version broken")
}

// A pulumi that cannot even start says so on standard error.
func TestFailureWithoutEvents(t *testing.T) {
	s := begin(t)
	s.write(t, "do", `echo "error: no stack named dev" >&2; exit 255`)
	s.write(t, "infra/main.go", "v2")
	s.expect(t, "infra/main.go: failed after ")
	s.expect(t, "    error: no stack named dev")
}

func TestChangeDuringAnUpdateCausesAnother(t *testing.T) {
	s := begin(t)
	s.write(t, "do", `echo began >>going; while [[ ! -e finish ]]; do sleep 0.01; done`)
	s.write(t, "app/hello.go", "v2")
	s.await(t, "going")
	s.write(t, "infra/main.go", "v2")
	s.write(t, "app/hello.go", "v3")
	s.write(t, "finish", "")
	s.expect(t, "app/hello.go: ")
	s.expect(t, "app/hello.go, infra/main.go: ", "version v3")
}

// Ctrl-C waits for Pulumi to cancel what it is doing.
func TestEndCancelsTheUpdate(t *testing.T) {
	s := begin(t)
	s.write(t, "do", `trap 'echo in order >cancelled; exit 1' INT; echo began >going; while true; do sleep 0.01; done`)
	s.write(t, "app/hello.go", "v2")
	s.await(t, "going")
	s.stop()
	if text, err := os.ReadFile(filepath.Join(s.folder, "cancelled")); err != nil || string(text) != "in order\n" {
		t.Errorf("pulumi did not end in order: %q, error %v", text, err)
	}
}
