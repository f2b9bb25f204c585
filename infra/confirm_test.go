package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/declared"
	"example.com/hello-world/infra/kubeconfig"
)

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
