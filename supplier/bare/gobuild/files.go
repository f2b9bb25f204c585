package gobuild

import (
	"io/fs"
	"path/filepath"
	"strings"
)

// goFiles returns the Go files below dir that a build uses, in a fixed order, including
// those that replace another module's (.go.txt).
func goFiles(dir string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && isSource(path) {
			files = append(files, path)
		}
		return err
	})
	return files, err
}

func isSource(path string) bool {
	return strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".go.txt")
}
