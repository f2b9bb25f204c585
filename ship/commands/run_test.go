package commands

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// runnable is a checkout whose stack runs on a cluster that runs commands: the Pod of each has ended as soon as it is there,
// with the state of its container.
func runnable(t *testing.T, state string) (c folder, created func() string) {
	t.Helper()
	c = newCheckout(t)
	var job string
	cluster := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case r.Method == http.MethodPost:
			text, _ := io.ReadAll(r.Body)
			job = string(text)
			w.WriteHeader(http.StatusCreated)
		case strings.HasSuffix(path, "/deployments/hello"):
			fmt.Fprint(w, `{"spec": {"template": {"spec": {"containers": [{"image": "it"}]}}}}`)
		case strings.HasSuffix(path, "/log"):
			fmt.Fprint(w, "it was here\n")
		case strings.HasSuffix(path, "/pods"):
			fmt.Fprint(w, `{"items": [{"metadata": {"name": "x"}, "status": {"containerStatuses": [{"name": "hello", "state": {`+state+`}}]}}]}`)
		case strings.Contains(path, "/jobs/") && r.Method == http.MethodGet:
			fmt.Fprint(w, `{"status": {"conditions": [{"type": "Complete", "status": "True"}]}}`)
		default:
			fmt.Fprint(w, "{}")
		}
	}))
	t.Cleanup(cluster.Close)
	c.write(t, "Pulumi.dev.yaml", "config:\n  hello-world:kubeconfig: it\n")
	c.write(t, "kubeconfig", `{"clusters": [{"name": "c", "cluster": {"server": "`+cluster.URL+`"}}], "contexts": [{"name": "here", "context": {"cluster": "c"}}]}`)
	c.write(t, "bin/pulumi", `#!/bin/sh
case "$1 $2" in
'stack output') echo '{"context": "here", "namespace": "hello", "app": "hello"}' ;;
'config get') cat kubeconfig ;;
esac
`)
	return c, func() string { return job }
}

// Arguments in one text are words as in a shell, in which nothing runs.
func TestRunSplitsArguments(t *testing.T) {
	c, created := runnable(t, `"terminated": {"exitCode": 0}`)
	said, err := c.runs(t, "run", "--args", `say "it is" 'two  words' $HOME; date`)
	if want := `"args":["say","it is","two  words","$HOME;","date"]`; err != nil || !strings.Contains(created(), want) || said != "it was here\n" {
		t.Errorf("it says %s, error %v, and creates %s, without %s", said, err, created(), want)
	}
	if said, err := c.runs(t, "run", "--args", `say "it`); err == nil || !strings.Contains(said, `ARGS is "say \"it", where a quote or a backslash has no end`) {
		t.Errorf("of a quote without an end it says %s", said)
	}
}

// A command that has ended before kubectl attaches to it is no error.
func TestRunAttachedTooLate(t *testing.T) {
	c, _ := runnable(t, `"running": {}`)
	c.write(t, "bin/kubectl", "#!/bin/sh\necho 'error: container hello not found in pod x' >&2\nexit 1\n")
	if said, err := c.runs(t, "run", "--attach", "--", "true"); err != nil || said != "it was here\n" {
		t.Errorf("it says %q, error %v", said, err)
	}
}
