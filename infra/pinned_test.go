package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/declared"
)

func TestPinned(t *testing.T) {
	registry := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method + r.URL.Path {
		case "HEAD/v2/library/traefik/manifests/v3":
			w.Header().Set("Docker-Content-Digest", "sha256:1")
		case "HEAD/v2/headlamp-k8s/headlamp/manifests/v0":
			w.Header().Set("Docker-Content-Digest", "sha256:2")
		default:
			http.NotFound(w, r)
		}
	}))
	defer registry.Close()
	here := strings.TrimPrefix(registry.URL, "http://")
	for _, test := range []struct {
		cfg         config.Config
		image, want string
	}{
		{config.Config{Registry: here}, "traefik:v3", "traefik:v3@sha256:1"},
		{config.Config{Registry: here}, "ghcr.io/headlamp-k8s/headlamp:v0", "ghcr.io/headlamp-k8s/headlamp:v0@sha256:2"},
		{config.Config{Image: here + "/hello@" + declared.Digest}, "traefik:v3", "traefik:v3@sha256:1"},
		{config.Config{Registry: here}, "traefik:v4", "traefik:v4"}, // not there
		{config.Config{Registry: "ghcr.io/me"}, "traefik:v3", "traefik:v3"},
	} {
		if got, err := pinned(t.Context(), test.cfg, test.image); got != test.want || err != nil {
			t.Errorf("%s in %s: got %s, %v, want %s", test.image, test.cfg.Registry, got, err, test.want)
		}
	}
	registry.Close()
	if _, err := pinned(t.Context(), config.Config{Registry: here}, "traefik:v3"); err == nil || !strings.Contains(err.Error(), here+", which the cluster has traefik:v3 from, does not answer") {
		t.Errorf("of a registry that does not answer it says %v", err)
	}
}
