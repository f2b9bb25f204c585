package supplier

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"example.com/hello-world/supplier/supply"
	"example.com/hello-world/supplier/tools"
)

// What everybody needs does without what only a bare machine needs. Only this package puts the two together.
func TestNothingEverybodyNeedsImportsBare(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (path == "bare" || path == "modules") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" || filepath.Dir(path) == "." {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imported := range file.Imports {
			if strings.Contains(imported.Path.Value, "/supplier/bare/") {
				t.Errorf("%s imports %s", path, imported.Path.Value)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A name in a list without a recipe would be found only by those who need the recipe.
func TestEverythingHasARecipe(t *testing.T) {
	sources, err := newSources("..")
	if err != nil {
		t.Fatal(err)
	}
	sources.images.Database = true
	for _, images := range []func() ([]supply.Artefact, error){sources.images.All, sources.images.ForTests} {
		list, err := images()
		if err != nil {
			t.Fatal(err)
		}
		for _, artefact := range list {
			if artefact.Build == nil || artefact.Download == nil {
				t.Errorf("%s cannot be built, or not be downloaded", artefact.Name)
			}
		}
	}
	for _, tools := range []func() ([]tools.Tool, error){sources.tools.All, sources.tools.ForTests} {
		if _, err := tools(); err != nil {
			t.Fatal(err)
		}
	}
}
