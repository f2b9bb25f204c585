package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMain lets this test binary stand in for the server: see command.
func TestMain(m *testing.M) {
	if os.Getenv("RUN_THE_SERVER") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// command runs the server as a process of its own, with no more than the given environment, for half a minute at most.
func command(t *testing.T, environment ...string) (*exec.Cmd, *bytes.Buffer) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	log := new(bytes.Buffer)
	command := exec.CommandContext(ctx, os.Args[0])
	command.Env = append(environment, "RUN_THE_SERVER=1")
	command.Stderr = log
	return command, log
}

func TestOnlyTheVersion(t *testing.T) {
	command, _ := command(t, "PORT=http") // no setting matters
	command.Args = append(command.Args, "--version")
	said, err := command.Output()
	if want := "hello-world " + version + " " + runtime.Version() + "\n"; err != nil || string(said) != want {
		t.Errorf("it says %q, error %v, want %q", said, err, want)
	}
}

func TestWrongSettingsEndTheProcess(t *testing.T) {
	command, log := command(t, "PORT=http", "LOG_LEVEL=loud")
	command.Run()
	if code := command.ProcessState.ExitCode(); code != 2 {
		t.Errorf("exit code %d, want 2", code)
	}
	for _, want := range []string{`"level":"ERROR"`, `PORT is \"http\"`, `LOG_LEVEL is \"loud\"`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("log lacks %s:\n%s", want, log)
		}
	}
}

func TestTakenPortEndsTheProcess(t *testing.T) {
	taken, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	command, log := command(t, fmt.Sprintf("PORT=%d", port), fmt.Sprintf("ADMIN_PORT=%d", freePort(t)))
	command.Run()
	if code := command.ProcessState.ExitCode(); code != 1 || !strings.Contains(log.String(), "PORT: listen") {
		t.Errorf("exit code %d, want 1 and the reason:\n%s", code, log)
	}
}

func TestSignals(t *testing.T) {
	for _, test := range []struct {
		name, drainDelay string
		signals          int
		end              string
	}{
		{"one signal drains", "2s", 1, "exit status 0"},
		{"a second one ends at once", "1h", 2, "signal: terminated"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			port, adminPort := freePort(t), freePort(t)
			command, log := command(t, fmt.Sprintf("PORT=%d", port), fmt.Sprintf("ADMIN_PORT=%d", adminPort),
				"DRAIN_DELAY="+test.drainDelay)
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			ready := fmt.Sprintf("http://127.0.0.1:%d/readyz", adminPort)
			waitFor(t, ready, http.StatusOK)
			command.Process.Signal(syscall.SIGTERM)
			waitUntil(t, fmt.Sprintf("http://127.0.0.1:%d/hello", port), "200 that closes its connection", func(answer *http.Response) bool {
				return answer.StatusCode == http.StatusOK && answer.Close
			})
			if test.signals == 2 {
				command.Process.Signal(syscall.SIGTERM)
			}
			command.Wait()
			if end := command.ProcessState.String(); end != test.end {
				t.Errorf("ended with %s, want %s, log:\n%s", end, test.end, log)
			}
		})
	}
}

// waitFor asks until the answer has the status.
func waitFor(t *testing.T, url string, status int) {
	t.Helper()
	waitUntil(t, url, strconv.Itoa(status), func(answer *http.Response) bool { return answer.StatusCode == status })
}

// waitUntil asks until the answer is accepted.
func waitUntil(t *testing.T, url, what string, accept func(*http.Response) bool) {
	t.Helper()
	for giveUp := time.Now().Add(20 * time.Second); time.Now().Before(giveUp); time.Sleep(5 * time.Millisecond) {
		if answer, err := http.Get(url); err == nil {
			answer.Body.Close()
			if accept(answer) {
				return
			}
		}
	}
	t.Fatalf("%s did not come to answer %s", url, what)
}

func get(t testing.TB, url string) (status int, body string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	bytes, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(bytes)
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

var testSettings = settings{
	basePath:        "/hello",
	self:            identity{Pod: "hello-1", Node: "node-1", IP: "10.0.0.1"},
	drainDelay:      5 * time.Second,
	shutdownTimeout: 10 * time.Second,
}

// testServer has the test settings, is ready, and logs nothing.
func testServer() *server {
	s := newServer(testSettings, slog.New(slog.DiscardHandler))
	s.ready.Store(true)
	return s
}

// ask sends one request straight to the handler.
func ask(handler http.Handler, method, path string) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(method, path, nil))
	return recorder
}
