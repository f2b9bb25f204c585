package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sources returns the folders for whose changes make compiles bin/ship again.
func sources(t *testing.T) []string {
	t.Helper()
	line := regexp.MustCompile(`(?m)^SOURCES := .*$`).FindString(read(t, "../Makefile"))
	return regexp.MustCompile(`\bship\b|\bsupplier\b|\binfra/\w+`).FindAllString(strings.Split(line, " -path ")[0], -1)
}

// A change in any package that bin/ship uses compiles it again.
func TestMakeKnowsTheSources(t *testing.T) {
	// Ours are in this module, or in one that a folder here replaces.
	const ours = "{{with .Module}}{{if or .Main .Replace}}{{$.Dir}}{{end}}{{end}}"
	listed, err := exec.Command("./module.sh", "ship", "go", "list", "-deps", "-f", ours, ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	used := regexp.MustCompile(`(?m)^.*/(ship|supplier|infra/\w+)(/|$)`).FindAllStringSubmatch(string(listed), -1)
	if len(used) < 5 {
		t.Fatalf("few packages of ours are listed: %s", listed)
	}
	folders := sources(t)
	for _, folder := range used {
		if !slices.Contains(folders, folder[1]) {
			t.Errorf("SOURCES in the Makefile lacks %s, has %q", folder[1], folders)
		}
	}
}

// What is typed for a target is handed over as it is: neither make nor a shell runs anything in it.
func TestMakeHandsValuesOver(t *testing.T) {
	c := checkout(t.TempDir())
	c.write(t, "Makefile", read(t, "../Makefile"))
	c.write(t, "go.mod", "")
	c.write(t, "go.sum", "")
	for _, folder := range sources(t) {
		c.write(t, folder+"/a.go", "")
	}
	c.write(t, "bin/ship", "#!/bin/sh\nprintf '<%s>' \"$@\"\n") // the newest: make compiles nothing
	for _, test := range []struct {
		typed []string
		gets  string
	}{
		{[]string{"rollback"}, "<rollback>"},
		{[]string{"rollback", "TO=5fcdb8"}, "<rollback><5fcdb8>"},
		{[]string{"rollback", "TO=5f; touch ran"}, "<rollback><5f; touch ran>"},
		{[]string{"run", "JOB=nightly"}, "<run><nightly>"},
		{[]string{"run", "JOB=$(touch ran)"}, "<run><$(touch ran)>"},
		{[]string{"run", "JOB=$(shell touch ran)"}, "<run><$(shell touch ran)>"},
		{[]string{"run", "ARGS=seed --all"}, "<run><--args><seed --all>"},
		{[]string{"run", `ARGS=say "it's" $HOME > ran; touch ran`}, `<run><--args><say "it's" $HOME > ran; touch ran>`},
		{[]string{"run", "ARGS=two\ntouch ran #"}, "<run><--args><two\ntouch ran #>"},
		{[]string{"run", "ARGS=`touch ran`"}, "<run><--args><`touch ran`>"},
	} {
		cmd := exec.Command("make", test.typed...)
		cmd.Dir, cmd.Env = string(c), append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=")
		said, err := cmd.CombinedOutput()
		if err != nil || string(said) != test.gets {
			t.Errorf("make %q hands over %s, error %v, want %s", test.typed, said, err, test.gets)
		}
		if _, err := os.Stat(filepath.Join(string(c), "ran")); err == nil {
			t.Fatalf("make %q runs what was typed", test.typed)
		}
	}
}
