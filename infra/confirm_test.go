package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/declared"
	"example.com/hello-world/infra/internal/standin"
)

// A namespace in the state should be in the cluster.
func TestConfirmNamespace(t *testing.T) {
	cluster := standin.Reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
