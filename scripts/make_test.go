package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// What is typed for a target is handed over as it is: neither make nor a shell runs anything in it.
func TestMakeHandsValuesOver(t *testing.T) {
	c := checkout(t.TempDir())
	c.write(t, "Makefile", read(t, "../Makefile"))
	for _, file := range []string{"go.mod", "go.sum", "ship/main.go", "supplier/main.go", "infra/attestation/a.go", "infra/config/a.go", "infra/kubeconfig/a.go", "infra/label/a.go", "infra/rollout/a.go"} {
		c.write(t, file, "")
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
