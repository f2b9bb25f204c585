package preflight

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/declared"
)

// registry serves manifests by their paths, behind the password if there is one, and returns its host.
func registry(t *testing.T, password string, paths ...string) (host string, stop func()) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, given, _ := r.BasicAuth(); given != password {
			w.Header().Set("WWW-Authenticate", `Basic realm="test"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		for _, path := range paths {
			if r.URL.Path == "/v2/"+path {
				w.Header().Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
				w.Header().Set("Content-Length", "2")
				w.Header().Set("Docker-Content-Digest", declared.Digest)
				return
			}
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://"), server.Close
}

func TestPinned(t *testing.T) {
	publisher, _ := registry(t, "", "me/only-there/manifests/v1")
	here, stop := registry(t, "", "library/traefik/manifests/v3", "headlamp-k8s/headlamp/manifests/v0")
	for _, test := range []struct {
		cfg               config.Config
		image, want, says string
	}{
		{config.Config{Registry: here}, "traefik:v3", "traefik:v3@" + declared.Digest, ""},
		{config.Config{Registry: here}, "ghcr.io/headlamp-k8s/headlamp:v0", "ghcr.io/headlamp-k8s/headlamp:v0@" + declared.Digest, ""},
		{config.Config{Image: here + "/hello@" + declared.Digest}, "traefik:v3", "traefik:v3@" + declared.Digest, ""},
		{config.Config{Registry: here}, publisher + "/me/only-there:v1", publisher + "/me/only-there:v1", ""},
		{config.Config{Registry: here}, publisher + "/me/nowhere:v1", "", "nowhere:v1: not found"},
		{config.Config{Registry: "ghcr.io/me"}, publisher + "/me/nowhere:v1", "", "nowhere:v1: not found"},
		{config.Config{Registry: "ghcr.io/me"}, "127.0.0.1:1/not/reachable:v1", "127.0.0.1:1/not/reachable:v1", ""},
	} {
		got, err := pinned(t.Context(), test.cfg, test.image)
		if got != test.want || (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s with %s: got %s, %v, want %s, %q", test.image, test.cfg.Registry, got, err, test.want, test.says)
		}
	}
	stop()
	if _, err := pinned(t.Context(), config.Config{Registry: here}, "traefik:v3"); err == nil || !strings.Contains(err.Error(), here+", from which the cluster gets traefik:v3, does not answer") {
		t.Errorf("for a registry that does not answer it says %v", err)
	}
}

// An image that does not exist, or a wrong password, is refused before anything is changed. If the registry cannot be reached
// from here, the nodes may still reach it.
func TestImageIsThere(t *testing.T) {
	open, _ := registry(t, "", "hello/manifests/"+declared.Digest)
	closed, _ := registry(t, "geheim", "hello/manifests/"+declared.Digest)
	for _, test := range []struct {
		image, username, password, says string
	}{
		{open + "/hello@" + declared.Digest, "", "", ""},
		{open + "/other@" + declared.Digest, "", "", "image cannot be pulled: " + open + "/other@" + declared.Digest + ": not found"},
		{closed + "/hello@" + declared.Digest, "me", "geheim", ""},
		{closed + "/other@" + declared.Digest, "me", "geheim", "not found"},
		{closed + "/hello@" + declared.Digest, "me", "wrong", "pullUsername may not pull the image"},
		{closed + "/hello@" + declared.Digest, "", "", ""}, // the nodes may have credentials of their own
		{"127.0.0.1:1/hello@" + declared.Digest, "me", "geheim", ""},
	} {
		cfg := config.Config{Image: test.image, PullUsername: test.username, PullPassword: config.Secret(test.password)}
		held := cfg
		held.Image, held.Hold, held.Registry = "", test.image, "ghcr.io/me"
		if _, err := findImages(t.Context(), held); (err == nil) != (test.says == "") {
			t.Errorf("held at %s as %q: got %v, want %q", test.image, test.username, err, test.says)
		}
		_, err := findImages(t.Context(), cfg)
		if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s as %q: got %v, want %q", test.image, test.username, err, test.says)
		}
		if err != nil && strings.Contains(err.Error(), "geheim") {
			t.Errorf("it shows the password: %v", err)
		}
	}
}
