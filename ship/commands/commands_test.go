package commands

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"example.com/hello-world/ship/pulumi"
)

// folder is a folder with a project, and stand-ins for the tools in bin.
type folder string

// newCheckout makes a checkout of hello-world, in which commands run.
func newCheckout(t *testing.T) folder {
	t.Helper()
	c := folder(t.TempDir())
	c.write(t, "Pulumi.yaml", "name: hello-world\nruntime: go\n")
	t.Chdir(string(c))
	stopEngine = func(context.Context) (bool, error) { return false, nil }
	for _, name := range []string{"PATH", "PULUMI_HOME", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_SKIP_UPDATE_CHECK", "PULUMI_K8S_DELETE_UNREACHABLE", "DOCKER_HOST", "STACK"} {
		t.Setenv(name, map[string]string{"PATH": os.Getenv("PATH")}[name]) // what commands set is reset
	}
	t.Setenv("HELLO_WORLD_CACHE", filepath.Join(t.TempDir(), "cache"))
	t.Setenv("KUBECONFIG", filepath.Join(t.TempDir(), "kubeconfig")) // kind removes its clusters from there
	return c
}

// write writes a file, which can be run.
func (c folder) write(t *testing.T, file, text string) {
	t.Helper()
	path := filepath.Join(string(c), file)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// runs runs ship with these arguments, and returns all that it says, its error included.
func (c folder) runs(t *testing.T, args ...string) (said string, err error) {
	t.Helper()
	return c.runsUntil(t, t.Context(), args...)
}

func (c folder) runsUntil(t *testing.T, ctx context.Context, args ...string) (said string, err error) {
	t.Helper()
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = in, in
	read := make(chan string)
	go func() {
		text, _ := io.ReadAll(out)
		read <- string(text)
	}()
	root := Root()
	root.SetArgs(args)
	err = root.ExecuteContext(ctx)
	os.Stdout, os.Stderr = stdout, stderr
	in.Close()
	said = <-read
	if err != nil {
		said += "error: " + err.Error()
	}
	return said, err
}

// clusterOf makes a kubeconfig with the context, of a cluster that answers GET requests for paths.
func clusterOf(t *testing.T, context string, answers map[string]string) (kubeconfig string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if text, there := answers[r.URL.Path]; there {
			fmt.Fprint(w, text)
		} else if r.URL.Path == "/version" {
			fmt.Fprint(w, "{}")
		} else {
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return `{"apiVersion": "v1", "kind": "Config", "clusters": [{"name": "c", "cluster": {"server": "` + server.URL + `"}}], "contexts": [{"name": "` + context + `", "context": {"cluster": "c", "user": "u"}}], "users": [{"name": "u", "user": {}}]}`
}

// interruptedByKill is the cause of a context that `kill` ended: Pulumi, unlike at Ctrl-C, has not heard of it.
var interruptedByKill = pulumi.Signal{Signal: syscall.SIGTERM}

// Each command tells what it does, in lines that fit a terminal of 80 columns.
func TestHelp(t *testing.T) {
	c := newCheckout(t)
	for _, cmd := range append(Root().Commands(), Root()) {
		args := []string{cmd.Name(), "--help"}
		if cmd.Name() == "ship" {
			args = args[1:]
		}
		said, err := c.runs(t, args...)
		if err != nil || len(said) < 200 {
			t.Errorf("%s says %q, error %v", args, said, err)
		}
		for line := range strings.Lines(said) {
			if len([]rune(line)) > 81 {
				t.Errorf("%s: more than 80 columns: %s", args, line)
			}
		}
	}
}
