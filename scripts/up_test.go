package scripts

import (
	"os"
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
			c := checkout(t.TempDir())
			c.copies(t, "up.sh", "look.sh", "pulumi.sh")
			c.write(t, "cluster/settings.sh", "CLUSTER=app-cluster\nsource scripts/look.sh\n")
			c.write(t, "scripts/env.sh", `echo 'export PATH="$PWD/bin:$PATH" PULUMI_BACKEND_URL=file://$PWD/.pulumi-state'`)
			c.write(t, "scripts/target.sh", "echo kind")
			c.write(t, "Pulumi.yaml", "name: hello-world\n")
			c.write(t, "bin/kubectl", "#!/bin/sh\necho \"$@\" >>asked\ncase \"$*\" in *'get namespaces'*) echo 'hello|organization/hello-world/dev|theirs' ;; esac\n")
			c.write(t, "bin/pulumi", "#!/bin/sh\ncase \"$*\" in 'stack select'*) ;; 'stack export'*) "+test.exports+" ;; *) exit 1 ;; esac\n")
			said, err := c.runs("up.sh", "dev")
			if err == nil {
				t.Errorf("it succeeds without an update: %s", said)
			}
			asked, _ := os.ReadFile(filepath.Join(string(c), "asked"))
			if took := strings.Contains(string(asked), "annotate"); took != test.takesOver {
				t.Errorf("it takes over: %v, want %v; it says %s", took, test.takesOver, said)
			}
		})
	}
}
