package dev

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/hello-world/ship/service"
)

// session is a project under development, with a pulumi that runs the file `do` of the project's folder, a cluster whose Pods
// are in the file `pods`, and a service whose version is the text of app/hello.go.
type session struct {
	project
	cluster *httptest.Server
	lines   chan string  // that it prints
	stop    func() error // ends it, and returns its error
}

// Pods, as a cluster describes them.
const (
	oldPod   = `{"metadata": {"name": "hello-old", "labels": {"pod-template-hash": "old"}}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}`
	newPod   = `{"metadata": {"name": "hello-new", "labels": {"pod-template-hash": "new"}}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}`
	crashed  = `{"metadata": {"name": "hello-new", "labels": {"pod-template-hash": "new"}}, "status": {"containerStatuses": [{"name": "hello", "state": {"terminated": ` + panicked + `}}]}}`
	looping  = `{"metadata": {"name": "hello-new", "labels": {"pod-template-hash": "new"}}, "status": {"containerStatuses": [{"name": "hello", "restartCount": 3, "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": ` + panicked + `}}]}}`
	panicked = `{"exitCode": 2, "reason": "Error", "message": "panic: no database\n\ngoroutine 1 [running]:"}`
)

// runs makes the cluster have these Pods.
func (s *session) runs(t *testing.T, pods ...string) {
	t.Helper()
	s.write(t, "pods.new", `{"items": [`+strings.Join(pods, ",")+`]}`)
	if err := os.Rename(filepath.Join(s.folder, "pods.new"), filepath.Join(s.folder, "pods")); err != nil {
		t.Fatal(err)
	}
}

// begin starts develop and returns after its first line.
func begin(t *testing.T) *session {
	s := &session{project: folder(t, "app/hello.go", "infra/main.go"), lines: make(chan string)}
	s.runs(t, oldPod)
	s.cluster = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/namespaces/hello/pods" && r.URL.Query().Get("labelSelector") == "app in (hello)" {
			http.ServeFile(w, r, filepath.Join(s.folder, "pods"))
			return
		}
		fmt.Fprint(w, "{}")
	}))
	t.Cleanup(s.cluster.Close)
	kubeconfig := `{"clusters": [{"name": "c", "cluster": {"server": "` + s.cluster.URL + `"}}], "contexts": [{"name": "here", "context": {"cluster": "c"}}]}`
	served := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		version, _ := os.ReadFile(filepath.Join(s.folder, "app/hello.go"))
		if string(version) == "does not say" && r.URL.Path == "/whoami" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, `{"version": %q}`, version)
	}))
	t.Cleanup(served.Close)

	tools := t.TempDir()
	pulumi := `#!/bin/bash
cd "` + s.folder + `"
echo "$@" >>arguments
echo '{"resOutputsEvent": {"metadata": {"type": "pulumi:pulumi:Stack", "new": {"outputs": {"url": "` + served.URL + `", "healthUrl": "` + served.URL + `/health", "context": "here", "namespace": "hello", "app": "hello"}}}}}'
if [[ -e do ]]; then . ./do; fi
`
	if err := os.WriteFile(filepath.Join(tools, "pulumi"), []byte(pulumi), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", tools+":"+os.Getenv("PATH"))

	there := service.Service{Context: "here", Namespace: "hello", App: "hello", Kubeconfig: kubeconfig}
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- develop(ctx, s.project, there, in)
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
	if err != nil || strings.Count(string(arguments), "up --skip-preview") != 4 {
		t.Errorf("pulumi was called with %q, error %v", arguments, err)
	}
}

// The program then waits for old Pods, which do not drain long.
func TestProgramIsToldThatSomeoneDevelops(t *testing.T) {
	s := begin(t)
	s.write(t, "do", `echo "$DEV_DRAIN_TIME" >told`)
	s.write(t, "app/hello.go", "v2")
	s.expect(t, "app/hello.go: ", "version v2 answers")
	if text, err := os.ReadFile(filepath.Join(s.folder, "told")); err != nil || string(text) != drainTime+"\n" {
		t.Errorf("the program is told to drain for %q, error %v", text, err)
	}
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
	if who, err := ask(t.Context(), service.Service{URL: knowsNoPath.URL, HealthURL: knowsNoPath.URL + "/health"}, http.DefaultClient); err == nil || !strings.Contains(err.Error(), "/health: 404 Not Found") {
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
	// The state does not say what the failed update has left.
	arguments, err := os.ReadFile(filepath.Join(s.folder, "arguments"))
	if calls := strings.Split(strings.TrimSpace(string(arguments)), "\n"); err != nil ||
		!strings.Contains(calls[len(calls)-1], "--refresh=true") || !strings.Contains(calls[len(calls)-2], "--refresh=false") {
		t.Errorf("pulumi was called with %q, error %v", calls, err)
	}
}

// A pulumi that cannot even start says so on standard error.
func TestFailureWithoutEvents(t *testing.T) {
	s := begin(t)
	s.write(t, "do", `echo "error: no stack named dev" >&2; exit 255`)
	s.write(t, "infra/main.go", "v2")
	s.expect(t, "infra/main.go: failed after ")
	s.expect(t, "    error: no stack named dev")
}

func TestNewerSaveInterruptsAnUpdate(t *testing.T) {
	s := begin(t)
	s.write(t, "do", hangs)
	s.write(t, "app/hello.go", "v2")
	s.await(t, "going")
	s.write(t, "do", "")
	s.write(t, "infra/main.go", "v2")
	s.write(t, "app/hello.go", "v3")
	s.expect(t, "app/hello.go: ", "interrupted by a newer save")
	s.expect(t, "app/hello.go, infra/main.go: ", "version v3")
	s.interrupted(t)

	// What the interrupted update began is in the cluster, and not in the state; an earlier session may have left the like.
	arguments, err := os.ReadFile(filepath.Join(s.folder, "arguments"))
	if got := strings.Join(regexp.MustCompile(`--refresh=\w+`).FindAllString(string(arguments), -1), " "); err != nil ||
		got != "--refresh=true --refresh=false --refresh=true" {
		t.Errorf("pulumi was called with %s, error %v", got, err)
	}
}

// The version that runs may crash at any time.
func TestLaterCrashIsToldOnce(t *testing.T) {
	s := begin(t)
	s.runs(t, newPod)
	s.write(t, "app/hello.go", "v2")
	s.expect(t, "app/hello.go: ", "version v2 answers")
	s.runs(t, crashed)
	s.expect(t, "  hello-new: hello ended with exit code 2 (Error)")
	s.expect(t, "    panic: no database")
	s.expect(t, "    ")
	s.expect(t, "    goroutine 1 [running]:")
	s.runs(t, looping)
	select {
	case line := <-s.lines:
		t.Errorf("it also says %q", line)
	case <-time.After(2 * time.Second):
	}
}

func TestStoppedClusterIsNamed(t *testing.T) {
	s := begin(t)
	s.cluster.Close()
	s.write(t, "do", `echo "connection refused" >&2; exit 255`)
	s.write(t, "app/hello.go", "v2")
	s.expect(t, "app/hello.go: failed after ", "the cluster does not answer: `make up` starts it")
	s.expect(t, "    connection refused")
}

func TestNoVersionRuns(t *testing.T) {
	s := begin(t)
	s.runs(t, `{"metadata": {"name": "hello-old"}}`)
	s.write(t, "do", `echo "error: no" >&2; exit 255`)
	s.write(t, "app/hello.go", "v2")
	s.expect(t, "app/hello.go: failed after ", "and no Pod is ready")
	s.expect(t, "    error: no")
}

// hangs is a pulumi that ends when it is interrupted.
const hangs = `trap 'echo in order >>interrupted; exit 1' INT; echo began >>going; while true; do sleep 0.01; done`

// interrupted fails the test unless pulumi was interrupted once.
func (s *session) interrupted(t *testing.T) {
	t.Helper()
	if text, err := os.ReadFile(filepath.Join(s.folder, "interrupted")); err != nil || string(text) != "in order\n" {
		t.Errorf("pulumi did not end in order: %q, error %v", text, err)
	}
}

// Ctrl-C waits for Pulumi to cancel what it is doing.
func TestEndCancelsTheUpdate(t *testing.T) {
	s := begin(t)
	s.write(t, "do", hangs)
	s.write(t, "app/hello.go", "v2")
	s.await(t, "going")
	s.stop()
	s.interrupted(t)
}
