package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	file = "Pulumi.dev.yaml"
	free = "config:\n  # Mine.\n  hello-world:replicas: \"3\"\n"
	held = free + "  hello-world:hold: it\n"
)

// versioned is a checkout in which `pulumi up` runs that, with a stack's file.
func versioned(t *testing.T, up, text string) checkout {
	t.Helper()
	c := checkout(t.TempDir())
	c.copies(t, "rollback.sh", "forward.sh", "history.sh", "state.sh", "look.sh", "pulumi.sh", "target.sh")
	c.write(t, "scripts/env.sh", `echo 'export PATH="$PWD/bin:$PATH" PULUMI_BACKEND_URL="file://$PWD/.pulumi-state?metadata=skip"'`)
	c.write(t, "Pulumi.yaml", "name: hello-world\n")
	c.write(t, file, text)
	c.write(t, "bin/go", "#!/bin/sh\necho \"$@\" >>asked\necho '  hello-world:hold: it' >>"+file+"\necho it\n")
	c.write(t, "bin/pulumi", "#!/bin/sh\ncase \"$1 $2\" in 'config get') grep hold "+file+" ;;\n"+
		"'config rm') grep -v hold "+file+" >new; cat new >"+file+" ;;\nup*) "+up+" ;; esac\n")
	return c
}

// A rollback and its end change the stack's file only if they succeed.
func TestRollback(t *testing.T) {
	for _, test := range []struct {
		script, before, up, after string
	}{
		{"rollback.sh", free, "true", held},
		{"rollback.sh", free, "exit 1", free},
		{"forward.sh", held, "true", free},
		{"forward.sh", held, "exit 1", held},
	} {
		c := versioned(t, test.up, test.before)
		said, err := c.runs(test.script, "dev")
		text, _ := os.ReadFile(filepath.Join(string(c), file))
		if string(text) != test.after || (err == nil) != (test.up == "true") || strings.Contains(said, "as it was before") != (err != nil) {
			t.Errorf("%s with %s leaves %s, says %s, error %v", test.script, test.up, text, said, err)
		}
	}
}

// So do those that are interrupted, as Ctrl-C does: it reaches all processes of the terminal.
func TestRollbackIsInterrupted(t *testing.T) {
	for script, before := range map[string]string{"rollback.sh": free, "forward.sh": held} {
		c := versioned(t, "touch begun; trap 'exit 1' INT; while :; do sleep 0.1; done", before)
		cmd := exec.Command(filepath.Join(string(c), "scripts", script), "dev")
		cmd.Env = append(os.Environ(), "PATH="+string(c)+"/bin:/usr/bin:/bin")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			if _, err := os.Stat(filepath.Join(string(c), "begun")); err == nil {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("pulumi up has not begun")
			}
		}
		if text, _ := os.ReadFile(filepath.Join(string(c), file)); string(text) == before {
			t.Errorf("%s has not changed the file yet", script)
		}
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		err := cmd.Wait()
		if text, _ := os.ReadFile(filepath.Join(string(c), file)); string(text) != before || cmd.ProcessState.ExitCode() != 130 {
			t.Errorf("%s leaves %s, error %v", script, text, err)
		}
	}
}

// In a clone without tools, the state is not empty but unknown.
func TestHistoryWithoutTools(t *testing.T) {
	c := versioned(t, "true", free)
	if err := os.Remove(filepath.Join(string(c), "bin/pulumi")); err != nil {
		t.Fatal(err)
	}
	if said, err := c.runs("history.sh", "dev"); err == nil || !strings.Contains(said, "run 'make tools'") {
		t.Errorf("it says %s, error %v", said, err)
	}
}

// The state's folder is found wherever the checkout is.
func TestStateFolder(t *testing.T) {
	for _, name := range []string{"plain", "100%", "a#b?c", "%3F%25", "a[1]"} {
		c := checkout(filepath.Join(t.TempDir(), name))
		c.copies(t, "env.sh", "pulumi.sh")
		c.write(t, "Pulumi.yaml", "name: hello-world\n")
		c.write(t, "scripts/folder.sh", "#!/usr/bin/env bash\nset -euo pipefail\ncd \"$(dirname \"$0\")/..\"\neval \"$(scripts/env.sh)\"\n"+
			"source scripts/pulumi.sh\n[[ $(state_folder) == \"$PWD/.pulumi-state\" ]] || echo \"$(state_folder) of $PWD\"\n")
		if said, err := c.runs("folder.sh"); err != nil || said != "" {
			t.Errorf("%s: it says %s, error %v", name, said, err)
		}
	}
}
