// Package scripts tests what checks this repository.
package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// checkout is a folder with some of the scripts, and stand-ins for what they call.
type checkout string

// write writes a file, which can be run.
func (c checkout) write(t *testing.T, file, text string) {
	t.Helper()
	path := filepath.Join(string(c), file)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// copies copies scripts as they are.
func (c checkout) copies(t *testing.T, scripts ...string) {
	t.Helper()
	for _, script := range scripts {
		c.write(t, "scripts/"+script, read(t, script))
	}
}

// runs runs a script with its arguments, and returns all that it says.
func (c checkout) runs(script string, args ...string) (said string, err error) {
	cmd := exec.Command(filepath.Join(string(c), "scripts", script), args...)
	cmd.Env = append(os.Environ(), "PATH="+string(c)+"/bin:/usr/bin:/bin")
	text, err := cmd.CombinedOutput()
	return string(text), err
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
