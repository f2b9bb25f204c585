package scripts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// `make dev` passes on where the service runs, and leaves neither a file with a kubeconfig nor half a program.
func TestDevStarts(t *testing.T) {
	c := checkout(t.TempDir())
	c.copies(t, "dev.sh", "stack.sh", "look.sh")
	c.write(t, "scripts/env.sh", "")
	temporary := filepath.Join(string(c), "temporary")
	if err := os.Mkdir(temporary, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temporary)
	starts := func(kubeconfig, compiler string) (string, error) {
		c.write(t, "bin/pulumi", `#!/bin/sh
case "$*" in
'stack output --shell --stack dev') echo "url=http://here context=there namespace=shop app=server" ;;
'config get kubeconfig --stack dev') `+kubeconfig+` ;;
*) exit 1 ;;
esac
`)
		c.write(t, "bin/go", "#!/bin/sh\n"+compiler)
		said, err := c.runs("dev.sh", "dev")
		for folder, want := range map[string]int{temporary: 0, filepath.Join(string(c), "bin"): 3} {
			if left, _ := os.ReadDir(folder); len(left) != want {
				t.Errorf("%s has %v, want %d files", folder, left, want)
			}
		}
		return said, err
	}
	const compiles = `printf '#!/bin/sh\necho dev "$@" "$DEV_KUBECONFIG"\n' >"$3" && chmod +x "$3"`
	if said, err := starts("exit 1", compiles); err != nil || said != "dev dev there shop server \n" {
		t.Errorf("it ends with %v and says %q", err, said)
	}
	if said, err := starts("echo secret", compiles); err != nil || said != "dev dev there shop server secret\n" {
		t.Errorf("with a kubeconfig it ends with %v and says %q", err, said)
	}
	if said, err := starts("exit 1", "echo half >$3; exit 1"); err == nil || strings.Contains(said, "there") {
		t.Errorf("without a program it ends with %v and says %q", err, said)
	}
}
