package gobuild

import (
	"os"
	"path/filepath"
	"testing"

	"example.com/hello-world/supplier/pins"
)

// ours makes a module that requires what this project does, with a file to replace another module's.
func ours(t *testing.T, file string) Module {
	t.Helper()
	m := Module{pins.Module{Dir: t.TempDir()}}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(m.Dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	name := filepath.Join(m.Dir, "instead", file)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("package errgroup\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return m
}

const module = "golang.org/x/sync"

func TestReplacedFilesAreOursAndTheRestIsTheModules(t *testing.T) {
	m := ours(t, "errgroup/errgroup.go.txt")
	scratch := t.TempDir()
	modFile, err := m.replaced(t.Context(), t.Output(), scratch, []Replacement{
		{Module: module, With: "instead", Without: []string{"semaphore/semaphore.go"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(scratch, module)
	text, err := os.ReadFile(filepath.Join(copied, "errgroup/errgroup.go"))
	if err != nil || string(text) != "package errgroup\n" {
		t.Errorf("the replaced file is %q, error %v", text, err)
	}
	if _, err := os.Stat(filepath.Join(copied, "semaphore/semaphore.go")); !os.IsNotExist(err) {
		t.Errorf("the file that is left out is there, error %v", err)
	}
	if _, err := os.Stat(filepath.Join(copied, "singleflight/singleflight.go")); err != nil {
		t.Error(err)
	}
	parsed, err := pins.Module{Dir: filepath.Dir(modFile)}.Parse()
	if err != nil {
		t.Fatal(err)
	}
	if len(parsed.Replace) == 0 || parsed.Replace[len(parsed.Replace)-1].New.Path != copied {
		t.Errorf("%s does not replace %s by %s", modFile, module, copied)
	}
}

// A newer version may have moved the file: with both it and ours, the build would fail at best.
func TestWhatIsReplacedMustBeThere(t *testing.T) {
	m := ours(t, "errgroup/moved.go.txt")
	_, err := m.replaced(t.Context(), t.Output(), t.TempDir(), []Replacement{{Module: module, With: "instead"}})
	if !os.IsNotExist(err) {
		t.Errorf("replacing a file that is not there: %v", err)
	}
}
