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
			c := runningOnKind(t)
			c.write(t, "bin/docker", "#!/bin/sh\ncase $1 in version|"+test.docker+") ;; *) exit 1 ;; esac\n")
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

// Only the state that has what runs there may remove it.
func TestDownRemovesOnlyWhatTheStateHas(t *testing.T) {
	const stash = `{"urn": "urn:pulumi:dev::hello-world::pulumi:index:Stash::state", "id": "first", "outputs": {"input": "x", "output": "mine"}}`
	for mark, removed := range map[string]bool{"mine": true, "first": true, "": true, "theirs": false, "released": false} {
		for _, target := range []string{"kind", "context"} {
			t.Run(mark+" on "+target, func(t *testing.T) {
				c := runningOnKind(t)
				c.write(t, "scripts/target.sh", "echo "+target)
				c.write(t, "scripts/stack.sh", "namespace=hello context=cloud kubectl=(kubectl)")
				c.write(t, "bin/kubectl", "#!/bin/sh\ncase \"$*\" in *'get namespaces'*) echo 'hello|organization/hello-world/dev|"+mark+"' ;; *) printf %s '"+mark+"' ;; esac\n")
				c.write(t, "bin/docker", "#!/bin/sh\n")
				c.write(t, "bin/pulumi", "#!/bin/sh\ncase \"$*\" in 'stack export'*) echo '"+stash+"' ;; destroy*) echo the stack is removed ;; esac\n")
				said, err := c.runs("down.sh", "dev", "--yes")
				if (err == nil) != removed || strings.Contains(said, "is removed") != removed {
					t.Errorf("it ends with %v and says %q", err, said)
				}
				if command := "--overwrite hello-world/state=released && make up"; !removed && !strings.Contains(said, command) {
					t.Errorf("it does not name the command %q: %s", command, said)
				}
			})
		}
	}
}

// Without Docker, `make down` leaves the stack's state alone: the cluster is there again when Docker starts.
func TestDownWithoutDocker(t *testing.T) {
	for _, test := range []struct {
		name, pulumi string
		ends         bool // well
		says         string
	}{
		{"the stack runs", `echo '{"deployment": {"resources": [{"urn": "urn:pulumi:dev"}]}}'`, false, "make down STACK=dev"},
		{"the stack is empty", `echo '{"deployment": {}}'`, true, "nothing runs"},
		{"there is no stack", "exit 1", true, "nothing runs"},
		{"the state cannot be read", `[ "$2" != export ] || { echo 'error: incorrect passphrase'; exit 1; }`, false, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := runningOnKind(t)
			c.write(t, "bin/docker", "#!/bin/sh\nexit 1\n")
			c.write(t, "bin/kubectl", "#!/bin/sh\nexit 1\n")
			c.write(t, "bin/pulumi", "#!/bin/sh\ncase $1 in destroy) echo the state is emptied ;; esac\n"+test.pulumi+"\n")
			said, err := c.runs("down.sh", "dev")
			if strings.Contains(said, "the cluster is removed") || strings.Contains(said, "the state is emptied") {
				t.Errorf("it removes something: %s", said)
			}
			if (err == nil) != test.ends || !strings.Contains(said, test.says) {
				t.Errorf("it ends with %v and says %q, want %q", err, said, test.says)
			}
		})
	}
}

// runningOnKind returns a checkout with down.sh, for a stack on kind.
func runningOnKind(t *testing.T) checkout {
	t.Helper()
	c := checkout(t.TempDir())
	c.copies(t, "down.sh", "look.sh", "pulumi.sh")
	c.write(t, "cluster/settings.sh", "CLUSTER=app-cluster CREATING=creating\nsource scripts/look.sh\n")
	c.write(t, "scripts/env.sh", "echo 'export PATH=\"$PWD/bin:$PATH\"'")
	c.write(t, "scripts/target.sh", "echo kind")
	c.write(t, "scripts/clean.sh", "")
	c.write(t, "cluster/down.sh", "echo the cluster is removed")
	c.write(t, "Pulumi.yaml", "name: hello-world\n")
	return c
}
