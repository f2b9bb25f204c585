package commands

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

const (
	noDocker    = "exit 1"
	isSomewhere = "echo 'the stack is removed'"
)

// onKind is a checkout whose stack runs on the kind cluster that this docker knows. If namespaces is not "", the cluster
// answers with these; the state of the stack is exported.
func onKind(t *testing.T, docker, namespaces, exported string) folder {
	t.Helper()
	c := newCheckout(t)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, map[bool]string{true: namespaces, false: "{}"}[r.URL.Path == "/api/v1/namespaces"])
	}))
	t.Cleanup(server.Close)
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if namespaces == "" {
		server.Close()
	}
	c.write(t, "kubeconfig", `apiVersion: v1
kind: Config
clusters: [{name: kind-app-cluster, cluster: {server: "https://x", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {token: t}}]
contexts: [{name: kind-app-cluster, context: {cluster: kind-app-cluster, user: u}}]
`)
	c.write(t, "bin/docker", `#!/bin/sh
echo "docker $*" >>asked
`+docker+`
case "$*" in
"ps -a"*) echo app-cluster-control-plane ;;
*"cat /etc/kubernetes/admin.conf") cat kubeconfig ;;
*kind.role*) echo control-plane ;;
*desktop.docker.io*) echo ;;
*6443*) printf '`+at.Hostname()+`\t`+at.Port()+`' ;;
"container inspect"*) echo there ;;
*creating*) exit 1 ;;
esac
`)
	c.write(t, "bin/pulumi", "#!/bin/sh\ncase \"$1 $2\" in 'stack export') "+exported+" ;; 'stack output') echo kind-app-cluster ;; destroy*) echo the stack is removed ;; esac\n")
	return c
}

// removed reports whether the cluster was removed.
func (c folder) removed(t *testing.T) bool {
	return strings.Contains(c.text(t, "asked"), "docker rm -f -v app-cluster-control-plane")
}

const empty = `echo '{"deployment": {}}'`

// `make down` removes the cluster only if it knows that no other stack runs there.
func TestDownLeavesAClusterThatMayRunOtherStacks(t *testing.T) {
	const none = `case "$*" in "ps"*) exit ;; "container inspect"*|*creating*) exit 1 ;; esac`
	const halfMade = `case "$*" in *creating*) exit ;; esac`
	for _, test := range []struct {
		name, docker, namespaces string
		removed                  bool
		says                     string
	}{
		{"the cluster does not answer", "", "", false, "nothing was removed: the cluster app-cluster does not say"},
		{"the cluster is half made", halfMade, "", true, "cluster app-cluster: gone"},
		{"there is no cluster", none, "", false, "cluster app-cluster: gone"},
		{"the cluster runs no other stack", "", `{"items": [{"metadata": {"name": "default"}}]}`, true, "cluster app-cluster: gone"},
		{"the cluster runs another stack", "", `{"items": [{"metadata": {"name": "x", "annotations": {"hello-world/stack": "organization/hello-world/second"}}}]}`, false, "stays, because other stacks run there: second"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := onKind(t, test.docker, test.namespaces, empty)
			said, err := c.runs(t, "down")
			if c.removed(t) != test.removed || !strings.Contains(said, test.says) || strings.Contains(said, "nothing was removed") != (err != nil) {
				t.Errorf("it says %q, error %v, want %q; asked was\n%s", said, err, test.says, c.text(t, "asked"))
			}
		})
	}
}

// `make down` says what goes before anything goes, and then what has gone.
func TestDownTellsWhatGoes(t *testing.T) {
	const nothingElse = `{"items": [{"metadata": {"name": "default"}}]}`
	const goes = "cluster app-cluster, registry kind-registry: go, with all that is there\n"
	const registry = `case "$*" in "ps --all"*kind-registry\$*) echo 1234; exit ;; esac
`
	c := onKind(t, registry, nothingElse, empty)
	said, err := c.runs(t, "down")
	if want := "  " + goes + "  registry kind-registry: gone\n  cluster app-cluster: gone\n"; err != nil || !strings.HasPrefix(said, want) {
		t.Errorf("it says %q, error %v, want %q first", said, err, want)
	}
	c = onKind(t, registry+`case "$*" in "rm -f -v"*) exit 1 ;; esac`, nothingElse, empty)
	if said, err := c.runs(t, "down"); err == nil || !strings.Contains(said, goes) || strings.Contains(said, "gone") {
		t.Errorf("if the cluster cannot be removed, it says %q, error %v", said, err)
	}
	c = onKind(t, "", nothingElse, empty)
	if said, err := c.runs(t, "down"); err != nil || strings.Contains(said, "registry") {
		t.Errorf("of a registry that somebody else made it says %q, error %v", said, err)
	}
}

// Only the state that has what runs there may remove it.
func TestDownRemovesOnlyWhatTheStateHas(t *testing.T) {
	const stash = `echo '{"deployment": {"resources": [{"urn": "urn:pulumi:dev::hello-world::pulumi:index:Stash::state", "id": "first", "outputs": {"input": "x", "output": "mine"}}]}}'`
	for mark, removed := range map[string]bool{"mine": true, "first": true, "": true, "theirs": false, "released": false} {
		c := onKind(t, "", `{"items": [{"metadata": {"name": "hello", "annotations": {"hello-world/stack": "organization/hello-world/dev", "hello-world/state": "`+mark+`"}}}]}`, stash)
		said, err := c.runs(t, "down")
		if (err == nil) != removed || strings.Contains(said, "gone") != removed {
			t.Errorf("%s: it ends with %v and says %q", mark, err, said)
		}
		if command := "--overwrite hello-world/state=released && make up"; !removed && !strings.Contains(said, command) {
			t.Errorf("%s: it does not name the command %q: %s", mark, command, said)
		}
	}
}

// Without Docker, `make down` leaves the stack's state alone: the cluster is there again when Docker starts.
func TestDownWithoutDocker(t *testing.T) {
	for _, test := range []struct {
		name, exported string
		ends           bool // well
		says           string
	}{
		{"the stack runs", `echo '{"deployment": {"resources": [{"urn": "urn:pulumi:dev"}]}}'`, false, "make down STACK=dev"},
		{"the stack is empty", empty, true, "nothing runs"},
		{"the state cannot be read", "echo 'error: incorrect passphrase' >&2; exit 1", false, "incorrect passphrase"},
	} {
		c := onKind(t, noDocker, "", test.exported)
		said, err := c.runs(t, "down")
		if c.removed(t) || strings.Contains(said, "the stack is removed") {
			t.Errorf("%s: it removes something: %s", test.name, said)
		}
		if (err == nil) != test.ends || !strings.Contains(said, test.says) {
			t.Errorf("%s: it ends with %v and says %q, want %q", test.name, err, said, test.says)
		}
	}
}

// Without tools, nobody knows what there is.
func TestDownWithoutTools(t *testing.T) {
	c := newCheckout(t)
	if said, err := c.runs(t, "down"); err == nil || !strings.Contains(said, "the tools are missing: run 'make tools'") {
		t.Errorf("it says %q, error %v", said, err)
	}
}

// A stack outside of kind is removed only by somebody who names it, and from the state that has it.
func TestDownElsewhere(t *testing.T) {
	for mark, refused := range map[string]string{"mine": "", "theirs": "another state of the stack prod"} {
		c := newCheckout(t)
		t.Setenv("STACK", "prod")
		c.write(t, "Pulumi.prod.yaml", "config:\n  hello-world:target: cloud\n  hello-world:kubeconfig: it\n")
		kubeconfig := clusterOf(t, "cloud", map[string]string{"/api/v1/namespaces/hello": `{"metadata": {"name": "hello", "annotations": {"hello-world/state": "` + mark + `"}}}`})
		c.write(t, "kubeconfig", kubeconfig)
		c.write(t, "bin/pulumi", `#!/bin/sh
case "$1 $2" in
'stack export') echo '{"deployment": {"resources": [{"urn": "urn:pulumi:prod::hello-world::pulumi:index:Stash::state", "id": "mine"}]}}' ;;
'stack output') echo '{"context": "cloud", "namespace": "hello"}' ;;
'config get') cat kubeconfig ;;
destroy*) `+isSomewhere+` ;;
esac
`)
		said, err := c.runs(t, "down", "--yes")
		if removed := strings.Contains(said, "the stack is removed"); removed != (refused == "") || (err != nil) != (refused != "") || !strings.Contains(said, refused) {
			t.Errorf("%s: it says %q, error %v", mark, said, err)
		}
		if said, err := c.runs(t, "down"); refused == "" && (err == nil || !strings.Contains(said, "bin/ship down --stack prod --yes")) {
			t.Errorf("without a terminal it says %q, error %v", said, err)
		}
	}
}
