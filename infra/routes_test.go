package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/declared"
)

func TestCheckRoutes(t *testing.T) {
	ingress := func(namespace, class, host, path string) string {
		return fmt.Sprintf(`{"metadata":{"name":"web","namespace":%q},"spec":{"ingressClassName":%q,"rules":[{"host":%q,"http":{"paths":[{"path":%q}]}}]}}`,
			namespace, class, host, path)
	}
	for name, test := range map[string]struct {
		host, path string
		there      []string
		refused    string
	}{
		"another stack's":        {"", "/hello", []string{ingress("second", "traefik", "", "/hello")}, "path is /hello, which the Ingress web in namespace second of stack a/b/c has already"},
		"on a host":              {"a.test", "/", []string{ingress("second", "traefik", "a.test", "/")}, "path is /, which"},
		"another host":           {"a.test", "/", []string{ingress("second", "traefik", "", "/")}, ""},
		"another path":           {"", "/hello", []string{ingress("second", "traefik", "", "/")}, ""},
		"another class":          {"", "/hello", []string{ingress("second", "nginx", "", "/hello")}, ""},
		"this one's":             {"", "/hello", []string{ingress("hello", "traefik", "", "/hello")}, ""},
		"another one came later": {"", "/hello", []string{ingress("second", "traefik", "", "/hello"), ingress("hello", "traefik", "", "/hello")}, ""},
		"it moves":               {"", "/hello", []string{ingress("old", "traefik", "", "/hello")}, ""},
		"none":                   {"", "/hello", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/apis/networking.k8s.io/v1/ingresses":
					fmt.Fprintf(w, `{"items":[%s]}`, strings.Join(test.there, ","))
				case "/api/v1/namespaces/second":
					fmt.Fprint(w, `{"metadata":{"annotations":{"hello-world/stack":"a/b/c","hello-world/state":"theirs"}}}`)
				case "/api/v1/namespaces/old":
					fmt.Fprint(w, `{"metadata":{"annotations":{"hello-world/state":"ours"}}}`)
				default:
					fmt.Fprint(w, "{}")
				}
			})))
			cfg := config.Config{Namespace: "hello", IngressClass: "traefik", Host: test.host, Path: test.path}
			_, err := declared.By(func(ctx *pulumi.Context) error { return checkRoutes(ctx, cfg, "ours", cluster) })
			if got := fmt.Sprint(err); (err != nil) != (test.refused != "") || !strings.Contains(got, test.refused) {
				t.Errorf("it says %q, want %q", got, test.refused)
			}
		})
	}
}
