package images

import (
	"os"
	"path/filepath"
	"testing"
)

// The tag names no patch release, so an image of that name may be older than what go.mod asks for. With
// GOTOOLCHAIN=local, it would refuse to compile the server.
func TestGolangImageIsNewEnough(t *testing.T) {
	root, bin := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module m\n\ngo 1.26.6\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	source := Source{Root: root, Recipe: func(string) (Recipe, error) { return Recipe{Pins: "ours"}, nil }}
	described, err := source.golang()
	if err != nil {
		t.Fatal(err)
	}
	golang, err := source.artefact(described)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	for _, test := range []struct {
		name, label, env string
		present          bool
	}{
		{"published, older", "", "GOLANG_VERSION=1.26.5", false},
		{"published, much older", "", "GOLANG_VERSION=1.9.7", false},
		{"published, the same", "", "GOLANG_VERSION=1.26.6", true},
		{"published, newer", "", "GOLANG_VERSION=1.26.10", true},
		{"of another publisher, which does not say", "", "GOTOOLCHAIN=local", true},
		{"built here", "ours", "GOTOOLCHAIN=local", true},
		{"built here with another Go", "other", "GOTOOLCHAIN=local", false},
	} {
		docker := "#!/bin/sh\ncase \"$*\" in *Labels*) echo '" + test.label + "' ;; *Env*) echo PATH=/bin; echo " + test.env + " ;; esac\n"
		if err := os.WriteFile(filepath.Join(bin, "docker"), []byte(docker), 0o755); err != nil {
			t.Fatal(err)
		}
		if there, err := golang.Present(t.Context()); there != test.present || err != nil {
			t.Errorf("%s: it is there: %v, error %v", test.name, there, err)
		}
	}
}
