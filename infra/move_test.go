package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"example.com/hello-world/infra/config"
)

// What goes when the service is moved is what leads its clients elsewhere, and nothing else.
func TestFormerIngresses(t *testing.T) {
	cluster := reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		of := func(name, state string) string {
			return fmt.Sprintf(`{"metadata": {"name": %q, "annotations": {"hello-world/state": %q}}}`, name, state)
		}
		route := func(name, host, path string) string {
			return fmt.Sprintf(`{"metadata": {"name": %q}, "spec": {"rules": [{"host": %q, "http": {"paths": [{"path": %q}]}}]}}`, name, host, path)
		}
		switch r.URL.Path {
		case "/api/v1/namespaces/new":
			fmt.Fprint(w, of("new", "ours"))
		case "/api/v1/namespaces/unlabelled":
			fmt.Fprint(w, `{"metadata": {"name": "unlabelled"}}`)
		case "/api/v1/namespaces":
			fmt.Fprintf(w, `{"items": [%s, %s, %s, %s, {"metadata": {"name": "default"}}]}`, of("new", "ours"), of("old", "ours"), of("second", "ours"), of("others", "theirs"))
		case "/apis/networking.k8s.io/v1/namespaces/old/ingresses":
			fmt.Fprintf(w, `{"items": [%s, %s]}`, route("hello-ingress", "", "/hello"), route("other-host", "example.com", "/hello"))
		case "/apis/networking.k8s.io/v1/namespaces/second/ingresses":
			fmt.Fprintf(w, `{"items": [%s]}`, route("second-ingress", "", "/second"))
		case "/version":
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
