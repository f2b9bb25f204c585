//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// testBackup restores a backup of the state in another clone, which has no state, by the page's commands. What runs stays as
// it is.
func testBackup(t *testing.T) {
	outputs := hello.Running(t)
	before := hello.Fingerprint(t, outputs.Namespace)
	run(t, hello.Project, "bash", "-euc", commandsWith(t, "docs/operations.md", "pulumi stack export"))

	other := site.Copy(t)
	// The stack's file is the one that others get by git.
	for _, file := range []string{"backup.json", "Pulumi." + hello.Name + ".yaml"} {
		if err := os.WriteFile(filepath.Join(other.Dir, file), hello.Read(t, file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(t, other, "bash", "-euc", commandsWith(t, "docs/operations.md", "pulumi stack import"))
	if after := other.Fingerprint(t, outputs.Namespace); after != before {
		t.Errorf("something changed:\nbefore %s\nafter  %s", before, after)
	}
	other.Pulumi(t, "up", "--expect-no-changes")
}
