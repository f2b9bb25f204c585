package scripts

import (
	"strings"
	"testing"
)

// What a shell is told to evaluate has nothing but settings, also from another folder, as docs/troubleshooting.md says.
func TestMakeEnvPrintsSettingsOnly(t *testing.T) {
	for _, arguments := range []string{"env", "-s -C . env"} {
		for line := range strings.Lines(run(t, "", []string{"MAKEFLAGS=", "MAKELEVEL=0"}, "make", strings.Fields(arguments)...)) {
			if !strings.HasPrefix(line, "export ") {
				t.Errorf("make %s prints %q", arguments, line)
			}
		}
	}
}
