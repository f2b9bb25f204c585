//go:build e2e

package images

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"example.com/hello-world/supplier/checksums"
	"example.com/hello-world/supplier/docker"
	"example.com/hello-world/supplier/download"
	"example.com/hello-world/supplier/supply"
)

const name = "hello-world-pull-test:1"

// publish runs a registry on this machine until the test ends, with a published image called library/NAME. Docker does not have
// that image.
func publish(t *testing.T) (registry string) {
	t.Helper()
	ctx, log := t.Context(), t.Output()
	id, err := docker.Output(ctx, "run", "--detach", "--publish", "127.0.0.1::5000", "registry:3")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { docker.Run(context.Background(), log, nil, "rm", "--force", "--volumes", id) })
	address, err := docker.Output(ctx, "port", id, "5000")
	if err != nil {
		t.Fatal(err)
	}
	registry = strings.Replace(address, "127.0.0.1", "localhost", 1)
	published := registry + "/library/" + name
	var files bytes.Buffer
	archive := tar.NewWriter(&files)
	if err := archive.AddFS(fstest.MapFS{"file": {Data: []byte("content")}}); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := docker.Run(ctx, log, &files, "import", "-", published); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"push", published}, {"rmi", published}} {
		if err := docker.Run(ctx, log, nil, args...); err != nil {
			t.Fatal(err)
		}
	}
	if present(ctx, name, "") {
		t.Fatalf("%s is there before it was pulled", name)
	}
	return registry
}

// A registry on this machine stands in for Docker Hub.
func TestPull(t *testing.T) {
	ctx, log := t.Context(), t.Output()
	hub := Source{Mirror: publish(t)}
	published := hub.Mirror + "/library/" + name
	defer docker.Run(ctx, log, nil, "rmi", name, published)

	if err := hub.pull(ctx, log, image{name: name}, silent); err != nil {
		t.Fatal(err)
	}
	if !present(ctx, name, "any pins, since it was not built here") {
		t.Errorf("%s was pulled and is not there under its public name", name)
	}
	digest, err := docker.Output(ctx, "image", "inspect", "--format", "{{index .RepoDigests 0}}", published)
	if err != nil {
		t.Fatal(err)
	}
	_, digest, _ = strings.Cut(digest, "@")
	hub.Checksums = checksums.List{image{name: name}.key(): digest}
	if err := hub.pull(ctx, log, image{name: name}, silent); err != nil {
		t.Errorf("with the digest of what is published: %v", err)
	}
	other := "sha256:" + strings.Repeat("0", 64)
	hub.Checksums = checksums.List{image{name: name}.key(): other}
	if err := hub.pull(ctx, log, image{name: name}, silent); err == nil {
		t.Error("an image of another digest was taken")
	}

	// If the user named a mirror, nothing else will do.
	for mirror, says := range map[string]string{hub.Mirror: "not there", "localhost:1": "no route"} {
		err := Source{Mirror: mirror}.pull(ctx, log, image{name: "hello-world-pull-test:2"}, silent)
		if err == nil || supply.LeadsOn(err) || !strings.Contains(err.Error(), "IMAGE_MIRROR="+mirror) || !strings.Contains(err.Error(), says) {
			t.Errorf("pulling from the mirror %s: %v, want one that names IMAGE_MIRROR and says %q", mirror, err, says)
		}
	}

	// A name that begins with a registry is pulled from there.
	elsewhere := strings.Replace(published, "localhost", "127.0.0.1", 1)
	nowhere := Source{Mirror: "localhost:1"}
	if err := nowhere.pull(ctx, log, image{name: elsewhere}, silent); err != nil {
		t.Error(err)
	}
	defer docker.Run(ctx, log, nil, "rmi", elsewhere)
	if err := nowhere.pull(ctx, log, image{name: elsewhere + "0"}, silent); !errors.Is(err, supply.ErrNotThere) {
		t.Errorf("pulling what is not published: %v, want ErrNotThere", err)
	}
	if err := nowhere.pull(ctx, log, image{name: "127.0.0.1:1/name:1"}, silent); !errors.Is(err, supply.ErrNoRoute) {
		t.Errorf("pulling from nowhere: %v, want ErrNoRoute", err)
	}
	if err := nowhere.pull(ctx, log, image{name: "registry.invalid/name:1"}, silent); !errors.Is(err, supply.ErrNoRoute) {
		t.Errorf("pulling from a host that has no address: %v, want ErrNoRoute", err)
	}
}

func silent(string) {}

// A mirror may have another image under the tag. What the project knows by digest is what is pulled, or nothing.
func TestPullFromAMirrorWithAnotherImage(t *testing.T) {
	ctx, log := t.Context(), t.Output()
	hub := Source{Mirror: publish(t), Recipe: func(string) (Recipe, error) { return Recipe{}, nil }}
	published := hub.Mirror + "/library/" + name
	defer docker.Run(ctx, log, nil, "rmi", "--force", name, published)
	id := func() string {
		t.Helper()
		id, err := docker.Output(ctx, "image", "inspect", "--format", "{{.Id}}", name)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	if err := hub.pull(ctx, log, image{name: name}, silent); err != nil {
		t.Fatal(err)
	}
	good := id()
	digest, err := docker.Output(ctx, "image", "inspect", "--format", "{{index .RepoDigests 0}}", published)
	if err != nil {
		t.Fatal(err)
	}
	_, digest, _ = strings.Cut(digest, "@")
	defer docker.Run(ctx, log, nil, "rmi", "--force", published[:strings.LastIndex(published, ":")]+"@"+digest)
	for _, args := range [][]string{{"tag", "registry:3", published}, {"push", published}, {"rmi", "--force", name, published}} {
		if err := docker.Run(ctx, log, nil, args...); err != nil {
			t.Fatal(err)
		}
	}
	pull := func(digest string) error {
		t.Helper()
		hub.Checksums = checksums.List{{Name: "hello-world-pull-test", Version: "1"}: digest}
		artefact, err := hub.artefact(image{name: name})
		if err != nil {
			t.Fatal(err)
		}
		return artefact.Download(ctx, log, silent)
	}
	other := "sha256:" + strings.Repeat("0", 64)
	if err := pull(other); err == nil || supply.LeadsOn(err) || !strings.Contains(err.Error(), other) || !strings.Contains(err.Error(), "IMAGE_MIRROR="+hub.Mirror) {
		t.Errorf("a mirror without it: the error is %v", err)
	}
	if present(ctx, name, "") {
		t.Error("the mirror's other image was taken")
	}
	if err := pull(digest); err != nil || id() != good {
		t.Errorf("a mirror with both: it is %s, error %v, want %s", id(), err, good)
	}
}

// If a registry misbehaves, the pull ends with the cause and what to do, in the words of the Docker Engine that runs here.
func TestPullFromARegistryThatMisbehaves(t *testing.T) {
	before := download.Default
	download.Default = download.Downloader{Pause: time.Millisecond, Stall: 5 * time.Second}
	t.Cleanup(func() { download.Default = before })
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	for _, test := range []struct {
		name  string
		serve http.HandlerFunc
		says  []string
	}{
		{"Unauthorized", answer(401, `{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}`), []string{"unauthorized", "docker login"}},
		{"Forbidden", answer(403, `{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}`), []string{"denied", "docker login"}},
		{"TooManyRequests", answer(429, `{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit."}]}`), []string{"toomanyrequests", "try again later"}},
		{"Overloaded", answer(503, "busy"), []string{"503"}},
		{"SaysNothing", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, []string{"it has sent nothing for 5s"}},
		{"HangsUp", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, []string{"EOF"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(test.serve)
			defer server.CloseClientConnections()
			name := strings.TrimPrefix(server.URL, "http://") + "/hello-world-pull-test:1"
			err := Source{}.pull(t.Context(), t.Output(), image{name: name}, silent)
			if err == nil || supply.LeadsOn(err) {
				t.Fatalf("the error is %v: it must stop the supply", err)
			}
			for _, words := range test.says {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("the error lacks %q: %v", words, err)
				}
			}
		})
	}
}
