package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// `make down` removes the cluster only if it knows that no other stack runs there.
func TestDownLeavesAClusterThatMayRunOtherStacks(t *testing.T) {
	for _, test := range []struct {
		name    string
		tools   bool   // `make tools` has run
		answers bool   // the cluster does
		docker  string // succeeds for these words
		removed bool
		says    string
	}{
		{"no tools", false, false, "", false, "the tools are missing: run 'make tools'"},
		{"the cluster does not answer", true, false, "container inspect", false, "nothing was removed: the cluster app-cluster does not say"},
		{"the cluster is half made", true, false, "volume inspect", true, ""},
		{"there is no cluster", true, false, "", true, ""},
		{"the cluster runs no other stack", true, true, "container inspect", true, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			root := t.TempDir()
			write := func(name, text string) {
				t.Helper()
				file := filepath.Join(root, name)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			for _, name := range []string{"down.sh", "look.sh", "pulumi.sh"} {
				write("scripts/"+name, read(t, name))
			}
			write("cluster/settings.sh", "CLUSTER=app-cluster CREATING=creating\nsource scripts/look.sh\n")
			write("scripts/env.sh", "echo 'export PATH=\"$PWD/bin:$PATH\"'")
			write("scripts/target.sh", "echo kind")
			write("scripts/clean.sh", "")
			write("cluster/down.sh", "echo the cluster is removed")
			write("Pulumi.yaml", "name: hello-world\n")
			write("bin/docker", "#!/bin/sh\ncase \"$*\" in \""+test.docker+"\"*) [ '"+test.docker+"' ] ;; *) exit 1 ;; esac\n")
			kubectl := "#!/bin/sh\nexit 1\n"
			if test.answers {
				kubectl = "#!/bin/sh\necho 'hello||'\n"
			}
			if test.tools {
				write("bin/kubectl", kubectl)
				write("bin/pulumi", "#!/bin/sh\nexit 1\n")
			}
			cmd := exec.Command(filepath.Join(root, "scripts/down.sh"), "dev")
			cmd.Env = append(os.Environ(), "PATH="+root+"/bin:/usr/bin:/bin")
			said, err := cmd.CombinedOutput()
			if removed := strings.Contains(string(said), "the cluster is removed"); removed != test.removed || (err == nil) != test.removed || !strings.Contains(string(said), test.says) {
				t.Errorf("it ends with %v and says %q, want %q", err, said, test.says)
			}
		})
	}
}
