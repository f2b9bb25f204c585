package commands

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// `make clean` removes what bears this project's mark, except what is in use.
func TestClean(t *testing.T) {
	c := newCheckout(t)
	tools := t.TempDir()
	cache := filepath.Join(t.TempDir(), "cache")
	t.Setenv("HELLO_WORLD_CACHE", cache)
	t.Setenv("PATH", tools+":"+os.Getenv("PATH"))
	folder(tools).write(t, "docker", `#!/bin/sh
echo "$@" >>`+tools+`/asked
case "$*" in
*label=hello-world.pins*) echo "1 kindest/node:v1 1GB"; echo "2 registry:3 50MB" ;;
*label=hello-world.project*) echo "3 <none>:<none> 6MB" ;;
"rmi registry:3") exit 1 ;;
esac
`)
	for _, file := range []string{"bin/tool", ".pulumi-state/state"} {
		c.write(t, file, "")
	}
	folder(cache).write(t, "hello-world/entry/file", "")
	folder(cache).write(t, "another/file", "")
	shared := filepath.Dir(filepath.Join(cache, "hello-world/entry")) // make adopt renames what follows no such slash
	if err := os.Chmod(filepath.Join(cache, "hello-world/entry"), 0o500); err != nil {
		t.Fatal(err)
	}
	said, err := c.runs(t, "clean")
	if err != nil {
		t.Error(err)
	}
	for _, words := range []string{"bin: ", shared + ": ", "image kindest/node:v1: 1GB, removed", "image 3: 6MB, removed", "image registry:3: 50MB, stays"} {
		if !strings.Contains(said, words) {
			t.Errorf("it does not say %q: %s", words, said)
		}
	}
	for path, stays := range map[string]bool{string(c) + "/bin": false, shared: false, cache + "/another/file": true, string(c) + "/.pulumi-state/state": true} {
		if _, err := os.Stat(path); (err == nil) != stays {
			t.Errorf("%s is there: %v", path, err == nil)
		}
	}
	for line := range strings.Lines(folder(tools).text(t, "asked")) {
		if !strings.HasPrefix(line, "images --filter label=hello-world.") && !strings.HasPrefix(line, "rmi ") && !strings.HasPrefix(line, "context inspect") {
			t.Errorf("Docker was asked for %s", line)
		}
	}
}
