package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"example.com/hello-world/infra/config"
)

// What goes when the service is moved is what leads its clients elsewhere, and nothing else.
func TestFormerIngresses(t *testing.T) {
	cluster := reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		of := func(name, state string) string {
			return fmt.Sprintf(`{"metadata": {"name": %q, "annotations": {"hello-world/state": %q}}}`, name, state)
		}
		route := func(namespace, name, host, path string) string {
			return fmt.Sprintf(`{"metadata": {"namespace": %q, "name": %q}, "spec": {"rules": [{"host": %q, "http": {"paths": [{"path": %q}]}}]}}`,
				namespace, name, host, path)
		}
		switch name, isNamespace := strings.CutPrefix(r.URL.Path, "/api/v1/namespaces/"); {
		case isNamespace && strings.HasPrefix(name, "given"):
			fmt.Fprintf(w, `{"metadata": {"name": %q, "annotations": {"hello-world/given-to": "all"}}}`, name)
		case isNamespace && name == "others":
			fmt.Fprint(w, of("others", "theirs"))
		case isNamespace:
			fmt.Fprint(w, of(name, "ours"))
		case r.URL.Path == "/apis/networking.k8s.io/v1/ingresses":
			fmt.Fprintf(w, `{"items": [%s, %s, %s, %s, %s, %s, %s]}`, route("old", "hello-ingress", "", "/hello"), route("old", "other-host", "example.com", "/hello"),
				route("second", "second-ingress", "", "/second"), route("others", "theirs", "", "/hello"), route("new", "hello-ingress", "", "/hello"),
				route("given", "hello-ingress", "", "/hello"), route("given-too", "hello-ingress", "", "/hello"))
		case r.URL.Path == "/apis/apps/v1/namespaces/given/deployments/hello":
			fmt.Fprint(w, of("hello", "ours"))
		case r.URL.Path == "/apis/apps/v1/namespaces/given-too/deployments/hello":
			fmt.Fprint(w, of("hello", "theirs"))
		case r.URL.Path == "/version":
			fmt.Fprint(w, "{}")
		default:
			t.Errorf("it looks at %s", r.URL.Path)
		}
	})))
	got, err := formerIngresses(t.Context(), cluster, config.Config{Namespace: "new", Path: "/hello"}, "ours")
	want := []string{"/apis/networking.k8s.io/v1/namespaces/old/ingresses/hello-ingress", "/apis/networking.k8s.io/v1/namespaces/given/ingresses/hello-ingress"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
