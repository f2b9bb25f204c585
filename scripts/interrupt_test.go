package scripts

import (
	"bufio"
	"errors"
	"io"
	"os/exec"
	"syscall"
	"testing"
)

// Ctrl-C ends a script even if the tool that it waits for only fails, as docker does, and the script tests for failure.
func TestInterrupted(t *testing.T) {
	cmd := exec.Command("bash", "-euc", `. scripts/look.sh
		if bash -c 'trap "exit 1" INT; echo begun; while :; do sleep 0.1; done'; then :; fi
		echo went on`)
	cmd.Dir = ".."
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out := bufio.NewReader(pipe)
	if line, err := out.ReadString('\n'); line != "begun\n" {
		t.Fatalf("it says %q, %v", line, err)
	}
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(out); err != nil || len(rest) > 0 {
		t.Errorf("after Ctrl-C it says %q, %v", rest, err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 130 {
		t.Errorf("it ends with %v, want exit status 130", err)
	}
}
