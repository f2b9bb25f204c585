package main

import (
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

// A namespace that is on its way out takes along what is put into it: the program waits, and says what to do then.
func TestAwaitDeletions(t *testing.T) {
	for _, test := range []struct {
		name    string
		leaving int32 // how often the cluster says that the namespace is being deleted
		says    []string
	}{
		{"nothing is deleted", 0, nil},
		{"gone after a while", 2, []string{"nothing was changed", `["hello"]`, "pulumi up --refresh"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var asked, connections atomic.Int32
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/api/v1/namespaces/hello" && asked.Add(1) <= test.leaving:
					fmt.Fprint(w, `{"metadata":{"deletionTimestamp":"2026-11-22T11:46:14Z"}}`)
				case r.URL.Path == "/version":
					fmt.Fprint(w, `{}`)
				default:
					w.WriteHeader(http.StatusNotFound)
				}
			}))
			server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					connections.Add(1)
				}
			}
			server.Start()
			t.Cleanup(server.Close)
			all, err := kubeconfig.Parse(fmt.Sprintf("contexts: [{name: c, context: {cluster: k, user: u}}]\n"+
				"clusters: [{name: k, cluster: {server: %q}}]\nusers: [{name: u, user: {token: geheim}}]\n", server.URL))
			if err != nil {
				t.Fatal(err)
			}
			_, err = declared.By(func(ctx *pulumi.Context) error {
				cluster, err := all.Reach(ctx.Context(), "c")
				if err != nil {
					return err
				}
				return awaitDeletions(ctx, config.Config{Namespace: "hello"}, cluster)
			})
			if len(test.says) == 0 && err != nil {
				t.Error(err)
			}
			for _, words := range test.says {
				if err == nil || !strings.Contains(err.Error(), words) {
					t.Errorf("the error lacks %q: %v", words, err)
				}
			}
			if got := asked.Load(); got != test.leaving+1 {
				t.Errorf("the cluster was asked %d times, want %d: until the namespace is gone", got, test.leaving+1)
			}
			if got := connections.Load(); got != 1 {
				t.Errorf("that took %d connections, want one", got)
			}
		})
	}
}
