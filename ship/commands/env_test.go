package commands

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What a shell is told to evaluate leads to the checkout, whatever its name, and has nothing but settings.
func TestEnv(t *testing.T) {
	c := newCheckout(t)
	c = folder(filepath.Join(string(c), "it's 100%41 #1? [über]"))
	c.write(t, "Pulumi.yaml", "name: hello-world\nruntime: go\n")
	t.Chdir(string(c))
	said, err := c.runs(t, "env")
	if err != nil {
		t.Fatal(said)
	}
	for line := range strings.Lines(said) {
		if !strings.HasPrefix(line, "export ") {
			t.Errorf("it prints %q", line)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish"} {
		if _, err := exec.LookPath(shell); err != nil {
			continue // bash is everywhere
		}
		script := "eval '" + strings.ReplaceAll(said, "'", `'\''`) + "'; echo \"$PULUMI_HOME\""
		out, err := exec.Command(shell, "-c", script).CombinedOutput()
		if want := filepath.Join(string(c), ".pulumi-home") + "\n"; err != nil || string(out) != want {
			t.Errorf("%s: the home is %q, error %v, want %q", shell, out, err, want)
		}
	}
}
