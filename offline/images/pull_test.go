//go:build e2e

package images

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/hello-world/offline/supply"
)

// A registry on this machine stands in for Docker Hub.
func TestPull(t *testing.T) {
	ctx, log := t.Context(), t.Output()
	registry, err := dockerOutput(ctx, "run", "--detach", "--publish", "127.0.0.1::5000", "registry:3")
	if err != nil {
		t.Fatal(err)
	}
	defer docker(ctx, log, nil, "rm", "--force", "--volumes", registry)
	address, err := dockerOutput(ctx, "port", registry, "5000")
	if err != nil {
		t.Fatal(err)
	}
	hub := Source{Registry: strings.Replace(address, "127.0.0.1", "localhost", 1)}

	const name = "hello-world-pull-test:1"
	published := hub.Registry + "/library/" + name
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("content"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := importFiles(ctx, log, published, map[string]string{"/file": file}); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"push", published}, {"rmi", published}} {
		if err := docker(ctx, log, nil, args...); err != nil {
			t.Fatal(err)
		}
	}
	if present(ctx, name, "") {
		t.Fatalf("%s is there before it was pulled", name)
	}
	defer docker(ctx, log, nil, "rmi", name, published)

	if err := hub.pull(ctx, log, name); err != nil {
		t.Fatal(err)
	}
	if !present(ctx, name, "any pins, since it was not built here") {
		t.Errorf("%s was pulled and is not there under its public name", name)
	}
	if err := hub.pull(ctx, log, "hello-world-pull-test:2"); !errors.Is(err, supply.ErrUnreachable) {
		t.Errorf("pulling what is not published: %v, want ErrUnreachable", err)
	}
	nowhere := Source{Registry: "localhost:1"}
	if err := nowhere.pull(ctx, log, name); !errors.Is(err, supply.ErrUnreachable) {
		t.Errorf("pulling from nowhere: %v, want ErrUnreachable", err)
	}

	// A name that begins with a registry's is pulled from that one.
	elsewhere := strings.Replace(published, "localhost", "127.0.0.1", 1)
	if err := nowhere.pull(ctx, log, elsewhere); err != nil {
		t.Error(err)
	}
	defer docker(ctx, log, nil, "rmi", elsewhere)
}
