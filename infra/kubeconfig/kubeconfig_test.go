package kubeconfig_test

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/infra/kubeconfig"
)

// cluster starts a server that answers like a Kubernetes cluster: with the version for the right token, else with 401.
func cluster(t *testing.T) (address, authority string) {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/version" && r.Header.Get("Authorization") == "Bearer geheim":
			fmt.Fprint(w, `{"gitVersion":"v1.37.0"}`)
		case r.URL.Path == "/api/v1/namespaces/there":
			fmt.Fprint(w, `{"metadata":{"name":"there"},"status":{"phase":"Active"}}`)
		case r.URL.Path == "/api/v1/namespaces/leaving":
			fmt.Fprint(w, `{"metadata":{"name":"leaving","deletionTimestamp":"2026-11-22T11:46:14Z"},"status":{"phase":"Terminating"}}`)
		case r.URL.Path == "/api/v1/namespaces/missing":
			w.WriteHeader(http.StatusNotFound)
		case r.URL.Path == "/api/v1/namespaces/forbidden":
			w.WriteHeader(http.StatusForbidden)
		case r.URL.Path == "/api/v1/namespaces/busy":
			w.WriteHeader(http.StatusTooManyRequests)
		case r.URL.Path == "/version":
			w.WriteHeader(http.StatusUnauthorized)
		default:
			http.Redirect(w, r, "/login", http.StatusFound)
		}
	}))
	t.Cleanup(server.Close)
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	return server.URL, base64.StdEncoding.EncodeToString(certificate)
}

// deaf accepts connections and says nothing.
func deaf(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return "https://" + listener.Addr().String()
}

func TestReach(t *testing.T) {
	address, authority := cluster(t)
	right := fmt.Sprintf("{server: %q, certificate-authority-data: %s}", address, authority)
	const prints = `{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: sh, args: [-c, %q]}}`
	for _, test := range []struct {
		name, cluster, user string
		says                []string // nothing: the cluster is reached
	}{
		{"token", right, `{token: geheim}`, nil},
		{"plugin", right, fmt.Sprintf(prints, `echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"geheim"}}'`), nil},
		{"plugin that is told", right, fmt.Sprintf(prints, `case "$KUBERNETES_EXEC_INFO" in *ExecCredential*) echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"geheim"}}';; esac`), nil},
		{"insecure", fmt.Sprintf("{server: %q, insecure-skip-tls-verify: true}", address), `{token: geheim}`, nil},

		{"wrong token", right, `{token: falsch}`, []string{address, "does not accept", "expired"}},
		{"no credentials", right, `{}`, []string{"no credentials"}},
		{"plugin that is missing", right, `{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: no-such-plugin, installHint: see there}}`, []string{"no-such-plugin", "not found", "see there"}},
		{"plugin that fails", right, fmt.Sprintf(prints, `echo log in again >&2; exit 3`), []string{"sh", "exit code 3", "kubectl version"}},
		{"plugin that prints nothing", right, fmt.Sprintf(prints, `true`), []string{"getting credentials", "the command sh"}},
		{"other certificate", fmt.Sprintf("{server: %q}", address), `{token: geheim}`, []string{address, "certificate", "unknown authority"}},
		{"no listener", `{server: "https://127.0.0.1:1"}`, `{token: geheim}`, []string{"https://127.0.0.1:1", "refused"}},
		{"no cluster", fmt.Sprintf("{server: %q, certificate-authority-data: %s}", address+"/other", authority), `{token: geheim}`, []string{"302", "as a Kubernetes cluster would not"}},
		{"no server", `{}`, `{token: geheim}`, []string{"where its cluster is"}},
		{"broken authority", fmt.Sprintf("{server: %q, certificate-authority-data: %%%%}", address), `{token: geheim}`, []string{"not"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			contents := fmt.Sprintf("contexts: [{name: c, context: {cluster: k, user: u}}]\n"+
				"clusters: [{name: k, cluster: %s}]\nusers: [{name: u, user: %s}]\n", test.cluster, test.user)
			config, err := kubeconfig.Parse(contents)
			if err == nil {
				_, err = config.Reach(t.Context(), "c")
			}
			if len(test.says) == 0 && err != nil {
				t.Error(err)
			}
			for _, words := range test.says {
				if err == nil || !strings.Contains(err.Error(), words) {
					t.Errorf("the error lacks %q: %v", words, err)
				}
			}
			if strings.Contains(fmt.Sprint(err), "geheim") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}

func TestReachGivesUp(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	config, err := kubeconfig.Parse(fmt.Sprintf("contexts: [{name: c, context: {cluster: k, user: u}}]\n"+
		"clusters: [{name: k, cluster: {server: %q}}]\nusers: [{name: u, user: {token: geheim}}]\n", deaf(t)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := config.Reach(ctx, "c"); err == nil || !strings.Contains(err.Error(), "does not answer within") {
		t.Errorf("got %v", err)
	}
}

func TestNamespace(t *testing.T) {
	connection := reached(t)
	for name, want := range map[string]struct {
		there, leaving bool
		err            error
	}{
		"leaving": {true, true, nil}, "there": {true, false, nil}, "missing": {}, "forbidden": {false, false, kubeconfig.ErrForbidden},
	} {
		found, err := connection.Namespace(t.Context(), name)
		if err != nil && want.err == nil || !errors.Is(err, want.err) || (found != nil) != want.there || (found != nil && found.DeletionTimestamp != nil) != want.leaving {
			t.Errorf("%s: got %+v, %v, want %+v", name, found, err, want)
		}
	}
}

// reached connects to the cluster with the token.
func reached(t *testing.T) *kubeconfig.Connection {
	t.Helper()
	address, authority := cluster(t)
	config, err := kubeconfig.Parse(fmt.Sprintf("contexts: [{name: c, context: {cluster: k, user: u}}]\n"+
		"clusters: [{name: k, cluster: {server: %q, certificate-authority-data: %s}}]\nusers: [{name: u, user: {token: geheim}}]\n", address, authority))
	if err != nil {
		t.Fatal(err)
	}
	connection, err := config.Reach(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	return connection
}

// A cluster that is too busy to answer is not one that hides the object.
func TestBusyClusterDoesNotHide(t *testing.T) {
	connection := reached(t)
	_, err := connection.Namespace(t.Context(), "busy")
	if err == nil || errors.Is(err, kubeconfig.ErrForbidden) || !strings.Contains(err.Error(), "429 Too Many Requests") {
		t.Errorf("the error is %v, want one that says 429 Too Many Requests", err)
	}
}

// The first file wins, paths are relative to their file, and a missing file counts as empty.
func TestReadMerges(t *testing.T) {
	address, authority := cluster(t)
	folder := t.TempDir()
	write := func(name, contents string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(contents), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	decoded, err := base64.StdEncoding.DecodeString(authority)
	if err != nil {
		t.Fatal(err)
	}
	write("ca.pem", string(decoded))
	write("token", "geheim\n")
	first := write("first", "current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n"+
		"users: [{name: u, user: {tokenFile: token}}]")
	second := write("second", fmt.Sprintf("current-context: d\ncontexts: [{name: d}, {name: c, context: {cluster: none}}]\n"+
		"clusters: [{name: k, cluster: {server: %q, certificate-authority: ca.pem}}]\n"+
		"users: [{name: u, user: {token: falsch}}]", address))
	config, err := kubeconfig.Read([]string{filepath.Join(folder, "missing"), first, second})
	if err != nil {
		t.Fatal(err)
	}
	if config.CurrentContext != "c" || !slices.Equal(config.Names(), []string{"c", "d"}) {
		t.Errorf("the current context is %q of %q", config.CurrentContext, config.Names())
	}
	if _, err := config.Reach(t.Context(), "c"); err != nil {
		t.Error(err)
	}
}

func TestHoldsCredentials(t *testing.T) {
	for user, want := range map[string]bool{
		"{token: geheim}": true, "{password: geheim}": true, "{client-key-data: Z2VoZWlt}": true,
		"{exec: {command: aws}}": false, "{client-key: file}": false, "{}": false,
	} {
		config, err := kubeconfig.Parse("users: [{name: u, user: " + user + "}]")
		if err != nil || config.HoldsCredentials() != want {
			t.Errorf("%s: %v, %v", user, config.HoldsCredentials(), err)
		}
	}
}
