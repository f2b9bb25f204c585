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
		case isNamespace && name == "unlabelled":
			fmt.Fprint(w, `{"metadata": {"name": "unlabelled"}}`)
		case isNamespace && name == "others":
			fmt.Fprint(w, of("others", "theirs"))
		case isNamespace:
			fmt.Fprint(w, of(name, "ours"))
		case r.URL.Path == "/apis/networking.k8s.io/v1/ingresses":
			fmt.Fprintf(w, `{"items": [%s, %s, %s, %s, %s]}`, route("old", "hello-ingress", "", "/hello"), route("old", "other-host", "example.com", "/hello"),
				route("second", "second-ingress", "", "/second"), route("others", "theirs", "", "/hello"), route("new", "hello-ingress", "", "/hello"))
		case r.URL.Path == "/version":
			fmt.Fprint(w, "{}")
		default:
			t.Errorf("it looks at %s", r.URL.Path)
		}
	})))
	for namespace, want := range map[string][]string{
		"new":        {"/apis/networking.k8s.io/v1/namespaces/old/ingresses/hello-ingress"},
		"unlabelled": nil,
	} {
		got, err := formerIngresses(t.Context(), cluster, config.Config{Namespace: namespace, Path: "/hello"})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("in %s: got %q, %v, want %q", namespace, got, err, want)
		}
	}
}
