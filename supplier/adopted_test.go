package supplier

import (
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// adopted reports whether somebody has made this project their own. `make adopt` renames the program's module, but not those in
// modules/. From then on, what the program requires and how its server is built does not have to suit the supplier.
func adopted(t *testing.T) bool {
	t.Helper()
	path := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return modfile.ModulePath(text)
	}
	return !strings.HasPrefix(path("modules/kind/go.mod"), path("../go.mod")+"/")
}
