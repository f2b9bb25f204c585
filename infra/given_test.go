package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/declared"
)

// A namespace may be an administrator's, who made it for the stack or for all.
func TestGivenNamespace(t *testing.T) {
	t.Setenv("PULUMI_ORGANIZATION", "organization")
	const (
		here  = `{"metadata":{"annotations":{"hello-world/given-to":"organization/hello-world/test"}}}`
		all   = `{"metadata":{"annotations":{"hello-world/given-to":"all"}}}`
		prod  = `{"metadata":{"annotations":{"hello-world/given-to":"organization/hello-world/prod"}}}`
		owned = `{"metadata":{"annotations":{"hello-world/given-to":"all","hello-world/state":"state-id","hello-world/stack":"organization/hello-world/test"}}}`
	)
	for _, test := range []struct {
		namespace, deployment string // as the cluster describes them; "" if there is none
		given                 bool
		says                  string
	}{
		{here, "", true, ""},
		{all, "", true, ""},
		{all, `{"metadata":{"annotations":{"hello-world/state":"state-id"}}}`, true, ""},
		{all, `{"metadata":{"annotations":{"hello-world/state":"released"}}}`, true, ""},
		{all, `{"metadata":{}}`, true, "the Deployment hello is not this stack's"},
		{all, `{"metadata":{"annotations":{"hello-world/state":"other","hello-world/stack":"organization/hello-world/prod"}}}`, true, "of stack organization/hello-world/prod"},
		{prod, "", false, "is given to organization/hello-world/prod"},
		{owned, "", false, ""},
	} {
		cluster := reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/api/v1/namespaces/shop":
				w.Write([]byte(test.namespace))
			case r.URL.Path == "/apis/apps/v1/namespaces/shop/deployments/hello" && test.deployment != "":
				w.Write([]byte(test.deployment))
			case r.URL.Path == "/version":
				w.Write([]byte("{}"))
			default:
				http.NotFound(w, r)
			}
		})))
		var given bool
		_, err := declared.By(func(ctx *pulumi.Context) (err error) {
			cfg := config.Config{Namespace: "shop", Context: "c"}
			if given, err = checkGiven(ctx, cfg, "state-id", cluster); err == nil {
				_, _, err = checkNamespaces(ctx, cfg, "state-id", cluster)
			}
			return err
		})
		if given != test.given || (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s with %s: given %t, error %v", test.namespace, test.deployment, given, err)
		}
	}
}
