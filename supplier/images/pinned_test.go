package images

import (
	"os"
	"path/filepath"
	"testing"

	"example.com/hello-world/supplier/checksums"
)

// Whatever the project knows by digest is pulled by digest: from a mirror, too. golang's tag has no patch release, so the digest
// is that of the release which go.mod asks for.
func TestPinnedImage(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module m\n\ngo 1.26.6\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for version, want := range map[string]string{
		"1.26.6": "mirror.example/library/golang@sha256:1",
		"1.26.5": "mirror.example/library/golang:1.26", // which would be too old
		"1.26":   "mirror.example/library/golang:1.26",
	} {
		source := Source{
			Root: root, Mirror: "mirror.example", Recipe: func(string) (Recipe, error) { return Recipe{}, nil },
			Checksums: checksums.List{{Name: "golang", Version: version}: "sha256:1", {Name: "golang", Version: "1.26.6", Platform: "linux/amd64"}: "sha256:2"},
		}
		golang, err := source.golang()
		if err != nil {
			t.Fatal(err)
		}
		artefact, err := source.artefact(golang)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := source.reference(golang); got != want || artefact.Unpinned != (version != "1.26.6") {
			t.Errorf("with the digest of %s it is pulled from %s, unpinned: %v", version, got, artefact.Unpinned)
		}
	}
}
