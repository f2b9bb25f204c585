package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// `make up` takes over what its stack runs on kind if the state has nothing there, and not if the state just cannot be read.
func TestUpTakesOverOnlyWithAnEmptyState(t *testing.T) {
	const namespace = `{"urn": "urn:pulumi:dev::hello-world::hello-world:index:WebService$kubernetes:core/v1:Namespace::hello"}`
	for _, test := range []struct {
		name, exports string
		takesOver     bool
	}{
		{"nothing was deployed", `echo {}`, true},
		{"the last update was refused", `echo '{"urn": "urn:pulumi:dev::hello-world::pulumi:index:Stash::state"}'`, true},
		{"the first update failed half-way", `echo '` + namespace + `'`, false},
		{"the state cannot be read", `exit 1`, false},
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
			for _, name := range []string{"up.sh", "look.sh", "pulumi.sh"} {
				write("scripts/"+name, read(t, name))
			}
			write("cluster/settings.sh", "CLUSTER=app-cluster\nsource scripts/look.sh\n")
			write("scripts/env.sh", `echo 'export PATH="$PWD/bin:$PATH" PULUMI_BACKEND_URL=file://$PWD/.pulumi-state'`)
			write("scripts/target.sh", "echo kind")
			write("Pulumi.yaml", "name: hello-world\n")
			write("bin/kubectl", "#!/bin/sh\necho \"$@\" >>asked\ncase \"$*\" in *'get namespaces'*) echo hello=organization/hello-world/dev=theirs ;; esac\n")
			write("bin/pulumi", "#!/bin/sh\ncase \"$*\" in 'stack select'*) ;; 'stack export'*) "+test.exports+" ;; *) exit 1 ;; esac\n")
			cmd := exec.Command(filepath.Join(root, "scripts/up.sh"), "dev")
			cmd.Env = append(os.Environ(), "PATH="+root+"/bin:/usr/bin:/bin")
			said, err := cmd.CombinedOutput()
			if err == nil {
				t.Errorf("it succeeds without an update: %s", said)
			}
			asked, _ := os.ReadFile(filepath.Join(root, "asked"))
			if took := strings.Contains(string(asked), "annotate"); took != test.takesOver {
				t.Errorf("it takes over: %v, want %v; it says %s", took, test.takesOver, said)
			}
		})
	}
}
