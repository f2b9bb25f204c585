package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A pull request is opened once, with the file of checksums alone.
func TestPullRequestWithChecksums(t *testing.T) {
	c, github := checkout(t.TempDir()), t.TempDir()
	origin, log := filepath.Join(github, "repository"), filepath.Join(github, "log")
	git := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@b", "-C", string(c)}, args...)...)
		said, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %q: %v: %s", args, err, said)
		}
		return string(said)
	}
	const file = "supplier/checksums.txt"
	c.copies(t, "pins.sh")
	c.write(t, file, "one\n")
	c.write(t, "go.mod", "module m\n")
	c.write(t, "bin/gh", "#!/bin/sh\ncd "+github+"\necho \"$@\" >>log\ncase $2 in create) touch 7 ;; list) ls | grep 7 ;; esac\nexit 0\n")
	git("init", "--quiet", "--bare", origin)
	git("init", "--quiet", "--initial-branch", "main")
	git("remote", "add", "origin", origin)
	git("add", file, "go.mod")
	git("commit", "--quiet", "--message", "first")

	for _, step := range []struct {
		name, text     string
		pushed, opened bool // by then
	}{
		{"nothing is new", "one\n", false, false},
		{"a new line", "one\ntwo\n", true, true},
		{"the next week", "one\ntwo\nthree\n", true, true},
	} {
		git("switch", "--quiet", "main")
		c.write(t, file, step.text)
		c.write(t, "go.mod", "module changed\n")
		if said, err := c.runs("pins.sh"); err != nil {
			t.Fatalf("%s: %v: %s", step.name, err, said)
		}
		asked, _ := os.ReadFile(log)
		if opened := strings.Count(string(asked), "pr create --base main --head pins "); opened > 1 || (opened == 1) != step.opened {
			t.Errorf("%s: gh was asked for %s", step.name, asked)
		}
		if !step.pushed {
			if branches := git("ls-remote", "origin"); branches != "" {
				t.Errorf("%s: it pushed %s", step.name, branches)
			}
			continue
		}
		git("fetch", "--quiet", "origin", "pins")
		if changed := git("diff", "--name-only", "main", "FETCH_HEAD"); changed != file+"\n" {
			t.Errorf("%s: the pull request changes %q", step.name, changed)
		}
		if text := git("show", "FETCH_HEAD:"+file); text != step.text {
			t.Errorf("%s: the pull request has %q", step.name, text)
		}
		git("checkout", "--quiet", "--", ".")
	}
}
