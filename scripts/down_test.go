package scripts

import (
	"strings"
	"testing"
)

// `make down` removes the cluster only if it knows that no other stack runs there.
func TestDownLeavesAClusterThatMayRunOtherStacks(t *testing.T) {
	for _, test := range []struct {
		name    string
		tools   bool   // `make tools` has run
		answers bool   // the cluster does
		docker  string // knows these, as a pattern
		removed bool
		says    string
	}{
		{"no tools", false, false, "none", false, "the tools are missing: run 'make tools'"},
		{"the cluster does not answer", true, false, "container", false, "nothing was removed: the cluster app-cluster does not say"},
		{"the cluster is half made", true, false, "container|volume", true, ""},
		{"there is no cluster", true, false, "none", true, ""},
		{"the cluster runs no other stack", true, true, "container", true, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := checkout(t.TempDir())
			c.copies(t, "down.sh", "look.sh", "pulumi.sh")
			c.write(t, "cluster/settings.sh", "CLUSTER=app-cluster CREATING=creating\nsource scripts/look.sh\n")
			c.write(t, "scripts/env.sh", "echo 'export PATH=\"$PWD/bin:$PATH\"'")
			c.write(t, "scripts/target.sh", "echo kind")
			c.write(t, "scripts/clean.sh", "")
			c.write(t, "cluster/down.sh", "echo the cluster is removed")
			c.write(t, "Pulumi.yaml", "name: hello-world\n")
			c.write(t, "bin/docker", "#!/bin/sh\ncase $1 in "+test.docker+") ;; *) exit 1 ;; esac\n")
			kubectl := "#!/bin/sh\nexit 1\n"
			if test.answers {
				kubectl = "#!/bin/sh\necho 'hello||'\n"
			}
			if test.tools {
				c.write(t, "bin/kubectl", kubectl)
				c.write(t, "bin/pulumi", "#!/bin/sh\nexit 1\n")
			}
			said, err := c.runs("down.sh", "dev")
			if removed := strings.Contains(said, "the cluster is removed"); removed != test.removed || (err == nil) != test.removed || !strings.Contains(said, test.says) {
				t.Errorf("it ends with %v and says %q, want %q", err, said, test.says)
			}
		})
	}
}
