// Package standin connects tests to HTTP servers that stand in for a cluster.
package standin

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"

	"example.com/hello-world/infra/kubeconfig"
)

// Reached connects to the server, and closes it when the test ends.
func Reached(t *testing.T, server *httptest.Server) *kubeconfig.Connection {
	t.Helper()
	t.Cleanup(server.Close)
	cluster, err := Connect(server)
	if err != nil {
		t.Fatal(err)
	}
	return cluster
}

// Connect connects to the server.
func Connect(server *httptest.Server) (*kubeconfig.Connection, error) {
	all, err := kubeconfig.Parse(fmt.Sprintf("contexts: [{name: c, context: {cluster: k, user: u}}]\n"+
		"clusters: [{name: k, cluster: {server: %q}}]\nusers: [{name: u, user: {token: geheim}}]\n", server.URL))
	if err != nil {
		return nil, err
	}
	return all.Reach(context.Background(), "c")
}
