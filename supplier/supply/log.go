package supply

import (
	"os"
	"path/filepath"
	"regexp"
)

var unsafeInFileName = regexp.MustCompile(`[^A-Za-z0-9.]+`)

// createLog creates the log file of the artefact called name in folder.
func createLog(folder, name string) (*os.File, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	file := unsafeInFileName.ReplaceAllString(name, "-") + ".log"
	return os.Create(filepath.Join(folder, file))
}
