//go:build e2e

package images

import (
	"context"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"example.com/hello-world/supplier/docker"
)

// The engine that pulls is the one of the user's docker context, such as Colima's, and the platform the one that the docker
// command pulls for.
func TestPullInADockerContext(t *testing.T) {
	registry := publish(t)
	socket := filepath.Join(t.TempDir(), "docker.sock")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	engine := httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = "http", "docker" },
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", "/var/run/docker.sock")
		}},
		FlushInterval: -1,
	}
	pulls := make(chan url.Values, 10)
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/images/create") {
			pulls <- r.URL.Query()
		}
		engine.ServeHTTP(w, r)
	}))
	defer listener.Close()

	ctx, log := t.Context(), t.Output()
	useDockerConfig(t, "{}")
	if err := docker.Run(ctx, log, nil, "context", "create", "elsewhere", "--docker", "host=unix://"+socket); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DOCKER_CONTEXT", "elsewhere")
	t.Setenv("DOCKER_DEFAULT_PLATFORM", "linux/riscv64")
	published := registry + "/library/" + name
	defer docker.Run(ctx, log, nil, "rmi", published)
	if err := (Source{}).pull(ctx, log, image{name: published}, silent); err != nil {
		t.Fatal(err)
	}
	if len(pulls) != 1 {
		t.Fatalf("the context's engine pulled %d times", len(pulls))
	}
	if asked := <-pulls; asked.Get("platform") != "linux/riscv64" {
		t.Errorf("it was asked for %v", asked)
	}
}

// An engine that does not answer is not a registry that cannot be reached, which would lead to a build.
func TestPullWithoutAnEngine(t *testing.T) {
	t.Setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
	err := Source{}.pull(t.Context(), t.Output(), image{name: name}, silent)
	if err == nil || !strings.Contains(err.Error(), "'docker version' says why") {
		t.Errorf("the error is %v", err)
	}
}

func TestPullForNoPlatform(t *testing.T) {
	t.Setenv("DOCKER_DEFAULT_PLATFORM", "linux/")
	err := Source{}.pull(t.Context(), t.Output(), image{name: name}, silent)
	if err == nil || !strings.Contains(err.Error(), "DOCKER_DEFAULT_PLATFORM=linux/") {
		t.Errorf("the error is %v", err)
	}
}
