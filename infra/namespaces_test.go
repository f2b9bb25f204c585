package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/declared"
	"example.com/hello-world/infra/kubeconfig"
)

// The cluster's namespaces decide whether a stack may have one of that name.
func TestCheckNamespaces(t *testing.T) {
	const (
		leaving = `"deletionTimestamp":"2026-11-22T11:46:14Z"`
		ours    = `"annotations":{"hello-world/stack":"organization/hello-world/test","hello-world/state":"state-id"}`
		earlier = `"annotations":{"hello-world/stack":"organization/hello-world/test"}` // of versions without that
		another = `"annotations":{"hello-world/stack":"organization/hello-world/test","hello-world/state":"lost"}`
		free    = `"annotations":{"hello-world/stack":"organization/hello-world/test","hello-world/state":"released"}`
		theirs  = `"annotations":{"hello-world/stack":"organization/hello-world/prod","hello-world/state":"theirs"}`
		named   = `"annotations":{"hello-world/stack":"organization/before/test","hello-world/state":"state-id"}`
		before  = `"annotations":{"hello-world/stack":"organization/before/test","hello-world/state":"left"}`
		service = `"annotations":{"hello-world/stack":"organization/hello-world/test","hello-world/state":"state-id","hello-world/service":"mine"}`
	)
	onKind := config.Config{Namespace: "hello", Target: config.Kind, IngressController: "traefik", IngressClass: "traefik", Dashboard: true, Context: "kind-c"}
	for _, test := range []struct {
		name    string
		cfg     config.Config
		cluster map[string][]string // what it answers about a namespace, one time after another; then it is not there
		asked   int32
		says    []string
	}{
		{"none exists", onKind, nil, 3, nil},
		{"all are ours", onKind, map[string][]string{"hello": {ours}, "traefik": {ours}, "headlamp": {ours}}, 3, nil},
		{"one is of an earlier version", onKind, map[string][]string{"hello": {earlier}, "traefik": {ours}}, 3, nil},
		{"the state was lost", onKind, map[string][]string{"hello": {another}, "traefik": {another}}, 3,
			[]string{"nothing was changed", `namespace is "hello"`, "another state of this stack has what runs there (hello traefik)",
				"kubectl annotate namespace hello traefik --context kind-c --overwrite hello-world/state=released"}},
		{"one is another state's", onKind, map[string][]string{"hello": {ours}, "traefik": {another}}, 3,
			[]string{`ingressClass is "traefik"`, "kubectl annotate namespace traefik --context kind-c --overwrite hello-world/state=released"}},
		{"all are released", onKind, map[string][]string{"hello": {free}, "traefik": {free}}, 3, nil},
		{"one is another owner's", config.Config{Namespace: "hello", Context: "kind-c"}, map[string][]string{"hello": {""}}, 1,
			[]string{"nothing was changed", `namespace is "hello"`, "not this stack's", "not there yet",
				"kubectl annotate namespace hello --context kind-c --overwrite hello-world/stack=organization/hello-world/test hello-world/state=released"}},
		{"all are another stack's", onKind, map[string][]string{"hello": {theirs}, "traefik": {theirs}, "headlamp": {theirs}}, 3,
			[]string{"3 mistakes", `namespace is "hello"`, `ingressClass is "traefik"`, "dashboard is true", "belongs to stack organization/hello-world/prod"}},
		{"the project was renamed, with its state", onKind, map[string][]string{"hello": {named}, "traefik": {named}}, 3, nil},
		{"the project was renamed, without its state", config.Config{Namespace: "hello"}, map[string][]string{"hello": {before}}, 1,
			[]string{"belongs to stack organization/before/test", `project was called before`,
				`"pulumi stack rename --stack organization/before/test organization/hello-world/test"`}},
		{"the service was renamed", config.Config{Namespace: "hello"}, map[string][]string{"hello": {service}}, 1,
			[]string{"nothing was changed", `namespace is "hello"`, `made for the service "mine"`, `called "` + app + `"`, "pulumi config set namespace NAME"}},
		{"another stack's is leaving", config.Config{Namespace: "hello"}, map[string][]string{"hello": {theirs + "," + leaving}}, 1,
			[]string{"belongs to stack organization/hello-world/prod"}},
		{"also the controller's", config.Config{Namespace: "traefik", Target: config.Kind, IngressController: "traefik", IngressClass: "traefik"}, nil, 1,
			[]string{"nothing was changed", `namespace is "traefik"`, "must be another one"}},
		{"the context needs quotes", config.Config{Namespace: "hello", Context: "it's; rm"}, map[string][]string{"hello": {""}}, 1,
			[]string{`--context 'it'\''s; rm' --overwrite`}},
		// A namespace that is leaving takes along what is put into it.
		{"ours is leaving", config.Config{Namespace: "hello"}, map[string][]string{"hello": {ours + "," + leaving, ours + "," + leaving}}, 3,
			[]string{"nothing was changed", `["hello"]`, "pulumi up --refresh"}},
		{"ours is leaving, and recreated", config.Config{Namespace: "hello"}, map[string][]string{"hello": {ours + "," + leaving, ours}}, 2,
			[]string{"nothing was changed", `["hello"]`, "pulumi up --refresh"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var asked, connections atomic.Int32
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				name, isNamespace := strings.CutPrefix(r.URL.Path, "/api/v1/namespaces/")
				if r.URL.Path == "/version" {
					fmt.Fprint(w, "{}")
					return
				}
				if !isNamespace {
					w.WriteHeader(http.StatusNotFound)
					return
				}
				asked.Add(1)
				if len(test.cluster[name]) == 0 {
					w.WriteHeader(http.StatusNotFound)
					return
				}
				fmt.Fprintf(w, `{"metadata":{%s}}`, test.cluster[name][0])
				test.cluster[name] = test.cluster[name][1:]
			}))
			server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					connections.Add(1)
				}
			}
			server.Start()
			cluster := reached(t, server)
			t.Setenv("PULUMI_ORGANIZATION", "organization")
			_, err := declared.By(func(ctx *pulumi.Context) error {
				_, leaving, err := checkNamespaces(ctx, test.cfg, "state-id", cluster)
				if err != nil {
					return err
				}
				return refuseLeaving(ctx, test.cfg, cluster, leaving)
			})
			if len(test.says) == 0 && err != nil {
				t.Error(err)
			}
			for _, words := range test.says {
				if err == nil || !strings.Contains(err.Error(), words) {
					t.Errorf("the error lacks %q: %v", words, err)
				}
			}
			if got := asked.Load(); got != test.asked {
				t.Errorf("the cluster was asked %d times, want %d", got, test.asked)
			}
			if got := connections.Load(); got != 1 {
				t.Errorf("that took %d connections, want one", got)
			}
		})
	}
}

// Whoever interrupts the wait is not told that it took too long.
func TestRefuseLeavingIsInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	cluster := reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/version" {
			interrupt()
		}
		fmt.Fprint(w, `{"metadata":{"deletionTimestamp":"2026-11-22T11:46:14Z"}}`)
	})))
	program, err := pulumi.NewContext(ctx, pulumi.RunInfo{Mocks: struct{ pulumi.MockResourceMonitor }{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := refuseLeaving(program, config.Config{}, cluster, []string{"hello"}); err != context.Canceled {
		t.Errorf("it ends with %v", err)
	}
}

// A namespace in the state should be in the cluster.
func TestConfirmNamespace(t *testing.T) {
	cluster := reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/v1/namespaces/missing":
			w.WriteHeader(http.StatusNotFound)
		case "/api/v1/namespaces/forbidden":
			w.WriteHeader(http.StatusForbidden)
		default:
			fmt.Fprint(w, `{"metadata":{"uid":"1"}}`)
		}
	})))
	for _, test := range []struct {
		name, uid string
		deleted   bool
	}{{"there", "1", false}, {"there", "2", true}, {"missing", "1", true}, {"missing", "", false}, {"forbidden", "1", false}} {
		_, err := declared.By(func(ctx *pulumi.Context) error { return confirmNamespace(ctx, cluster, test.name, test.uid) })
		if (err != nil) != test.deleted {
			t.Errorf("%s, which was %s: got %v", test.name, test.uid, err)
		}
		if test.deleted && !(strings.Contains(err.Error(), test.name) && strings.Contains(err.Error(), `"pulumi up --refresh"`)) {
			t.Errorf("the error does not say what was deleted, and the command: %v", err)
		}
	}
}

// reached connects to the server, which stands in for a cluster.
func reached(t *testing.T, server *httptest.Server) *kubeconfig.Connection {
	t.Helper()
	t.Cleanup(server.Close)
	cluster, err := connected(server)
	if err != nil {
		t.Fatal(err)
	}
	return cluster
}

func connected(server *httptest.Server) (*kubeconfig.Connection, error) {
	all, err := kubeconfig.Parse(fmt.Sprintf("contexts: [{name: c, context: {cluster: k, user: u}}]\n"+
		"clusters: [{name: k, cluster: {server: %q}}]\nusers: [{name: u, user: {token: geheim}}]\n", server.URL))
	if err != nil {
		return nil, err
	}
	return all.Reach(context.Background(), "c")
}
