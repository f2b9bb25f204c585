//go:build e2e

package drive

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// Docker runs a docker command, and returns what it prints.
func Docker(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("docker", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("docker %q: %v: %s", args, err, out)
	}
	return string(out)
}

// File writes a file for the test, and returns its path.
func File(t *testing.T, name, contents string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(contents), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

var digest = regexp.MustCompile(`sha256:[0-9a-f]{64}`)

// Push pushes an image, and returns its digest.
func Push(t *testing.T, image string) string {
	t.Helper()
	return Digest(Docker(t, "push", image))
}

// Digest returns the first digest in a text.
func Digest(text string) string { return digest.FindString(text) }

// Pushed builds the image of e2e/testdata/NAME.Dockerfile, which may take long, and returns it by its digest in the site's
// registry.
func (s *Site) Pushed(t *testing.T, name string) string {
	t.Helper()
	image := "localhost:" + s.Settings["REGISTRY_PORT"] + "/" + name
	if err := s.Project(t).Show("bash", "-euc", `docker build --quiet --tag "$0" - <"e2e/testdata/$1.Dockerfile"`, image, name); err != nil {
		t.Fatal(err)
	}
	return image + "@" + Push(t, image)
}
