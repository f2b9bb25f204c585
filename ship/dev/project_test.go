package dev

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// folder makes a project of the given files, each of which contains its own name.
func folder(t *testing.T, files ...string) project {
	t.Helper()
	p := project{folder: t.TempDir(), stack: "dev"}
	for _, file := range files {
		p.write(t, file, file)
	}
	return p
}

func (p project) write(t *testing.T, file, text string) {
	t.Helper()
	path := filepath.Join(p.folder, file)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (p project) look(t *testing.T) snapshot {
	t.Helper()
	seen, err := p.snapshot(nil)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestSnapshotHoldsWhatTheStackIsMadeFrom(t *testing.T) {
	sources := []string{".dockerignore", "Dockerfile", "Pulumi.dev.yaml", "app/main.go", "app/page/index.html", "go.mod", "infra/webservice/service.go"}
	others := []string{"README.md", "Pulumi.prod.yaml", "app/main_test.go", "app/.main.go.swp", "app/main.go~", "app/.idea/x", "bin/infra"}
	p := folder(t, slices.Concat(sources, others)...)

	if got := changes(nil, p.look(t)); !slices.Equal(got, sources) {
		t.Errorf("the snapshot is of %q, want %q", got, sources)
	}
}

func TestChanges(t *testing.T) {
	p := folder(t, "app/a.go", "app/b.go", "app/c.go")
	before := p.look(t)
	p.write(t, "app/a.go", "changed")
	p.write(t, "app/b.go", "app/b.go") // saved without a change
	p.write(t, "app/new/d.go", "new")
	if err := os.Remove(filepath.Join(p.folder, "app/c.go")); err != nil {
		t.Fatal(err)
	}
	if got, want := changes(before, p.look(t)), []string{"app/a.go", "app/c.go", "app/new/d.go"}; !slices.Equal(got, want) {
		t.Errorf("changed are %q, want %q", got, want)
	}
}
