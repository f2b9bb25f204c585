package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The program that runs is the one of these sources, whatever the clock says and however often it was interrupted.
func TestProgramIsOfItsSources(t *testing.T) {
	c := checkout(t.TempDir())
	text, err := os.ReadFile("../infra/compile.sh")
	if err != nil {
		t.Fatal(err)
	}
	c.write(t, "infra/compile.sh", string(text))
	c.write(t, "infra/main.go", "package main")
	c.write(t, "go.mod", "module m")
	c.write(t, "go.sum", "")
	compile := func(compiler string) (program string, err error) {
		c.write(t, "tools/go", "#!/bin/sh\nfor file; do [ \"$before\" != -o ] || out=$file; before=$file; done\n"+compiler)
		cmd := exec.Command("bash", filepath.Join(string(c), "infra/compile.sh"))
		cmd.Env = append(os.Environ(), "PATH="+filepath.Join(string(c), "tools")+":"+os.Getenv("PATH"))
		said, err := cmd.Output()
		return strings.TrimSpace(string(said)), err
	}
	if program, err := compile("echo half >$out; chmod +x $out; kill -9 $PPID"); err == nil {
		t.Errorf("an interrupted compiler made %s", program)
	}
	first, err := compile("cat main.go >$out; chmod +x $out")
	if text, _ := os.ReadFile(first); err != nil || string(text) != "package main" {
		t.Fatalf("the program is %q, with %v", text, err)
	}
	if again, err := compile("exit 1"); err != nil || again != first {
		t.Errorf("the same sources are compiled again: %s, %v", again, err)
	}
	c.write(t, "infra/main.go", "package main // edited")
	if err := os.Chtimes(filepath.Join(string(c), "infra/main.go"), time.Unix(0, 0), time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	edited, err := compile("cat main.go >$out; chmod +x $out")
	if text, _ := os.ReadFile(edited); err != nil || string(text) != "package main // edited" {
		t.Errorf("after an edit the program is %q, with %v", text, err)
	}
	if left, _ := filepath.Glob(filepath.Join(string(c), "bin", "infra*")); len(left) != 1 {
		t.Errorf("there are %q, want only the last one", left)
	}
}
