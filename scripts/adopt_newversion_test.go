package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// earlier is a version that people have adopted. A shallow clone does not have it: there, the test begins with today's.
const earlier = "0aac3875f4f8daec575e19a1d0e12d6a31578df9"

// Somebody who adopted an earlier version, and put in a server and more, types what docs/adopt.md says: first for today's
// version, then for one that moves a folder, changes texts with names in them, and requires another module.
func TestNewVersionIsTaken(t *testing.T) {
	// make adopt renames the program's module, but not the supplier's.
	program, supplier := modfile.ModulePath([]byte(read(t, "../go.mod"))), modfile.ModulePath([]byte(read(t, "../supplier/modules/kind/go.mod")))
	if !strings.HasPrefix(supplier, program+"/") {
		t.Skip("this checkout is adopted, and an adopted one is not adopted again")
	}
	folder := t.TempDir()
	original, mine := checkout(folder+"/hello-world"), checkout(folder+"/mine")
	const today = "git ls-files -z --cached --others --exclude-standard | tar -cf - --null -T -"
	versions := []string{today}
	if exec.Command("git", "cat-file", "-e", earlier).Run() == nil {
		versions = []string{"git archive " + earlier, today}
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	publish := func(files string) {
		original.types(t, `git rm -r -q --ignore-unmatch . && (cd "$0" && `+files+`) | tar -xf -
			git add --all && git commit --quiet --message Version`, root)
	}
	original.types(t, "git init --quiet --initial-branch main")
	publish(versions[0])

	original.types(t, "git clone --quiet . ../mine")
	mine.types(t, "make adopt NAME=shop && git commit --all --message 'Adopt'")
	mine.types(t, `git rm -r -q app docs/tour.zh-CN.md && mkdir app && cd app && echo "package main" >main.go
		cd .. && echo "# Our shop" >README.md && echo "package main" >infra/mine.go && echo "package config" >infra/config/mine.go
		perl -pi -e 's{^package .*}{$& // mine}' infra/config/keys.go
		echo "require example.com/mine v1.0.0" >>go.mod && echo "example.com/mine v1.0.0 h1:mine=" >>go.sum
		git add --all && git commit --quiet --message Ours`)
	ours := []string{"README.md", "docs/tour.zh-CN.md", "go.mod", "go.sum", "infra/config/keys.go", "infra/config/mine.go", "infra/mine.go"}

	once, each := commands(t, string(original))
	each = strings.Replace(each, "':!app'", "':!app' ':!docs/tour.zh-CN.md'", 1) // what was removed
	mine.types(t, once)
	for _, version := range versions[1:] {
		publish(version)
		mine.types(t, each)
		mine.differs(t, ours)
	}
	mine.types(t, "make bin/ship && bin/ship --help")

	original.types(t, `git mv infra/config infra/settings
		git grep -l infra/config -- Makefile '*.go' | xargs perl -pi -e 's{infra/config}{infra/settings}'
		perl -pi -e 's{"/hello"}{"/hello" /* as ever */}' infra/settings/keys.go
		echo "require example.com/theirs v1.0.0" >>go.mod && echo "example.com/theirs v1.0.0 h1:theirs=" >>go.sum
		echo "// theirs" >>app/main.go
		git add --all && git commit --quiet --message Version`)
	mine.types(t, each)
	for i, file := range ours {
		ours[i] = strings.Replace(file, "infra/config/", "infra/settings/", 1)
	}
	slices.Sort(ours)
	mine.differs(t, ours)
	if keys := mine.read(t, "infra/settings/keys.go"); !strings.Contains(keys, `"/shop" /* as ever */`) || !strings.Contains(keys, "package config // mine\n") {
		t.Errorf("one of the two changes is lost: %s", keys)
	}
	for _, file := range []string{"go.mod", "go.sum"} {
		if text := mine.read(t, file); !strings.Contains(text, "example.com/mine v1.0.0") || !strings.Contains(text, "example.com/theirs v1.0.0") {
			t.Errorf("%s lacks a module: %s", file, text)
		}
	}
	if _, err := modfile.Parse("go.mod", []byte(mine.read(t, "go.mod")), nil); err != nil {
		t.Error(err)
	}
}

// commands returns what docs/adopt.md says to type once, and for each version, with the original in a folder.
func commands(t *testing.T, original string) (once, each string) {
	t.Helper()
	_, section, _ := strings.Cut(read(t, "../docs/adopt.md"), "\n## Take a new version\n")
	blocks := regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(section, 2)
	const url = "https://github.com/OWNER/hello-world"
	if len(blocks) < 2 || !strings.Contains(blocks[0][1], url) {
		t.Fatalf("docs/adopt.md does not say how to take a new version of %s: %q", url, blocks)
	}
	return strings.Replace(blocks[0][1], url, original, 1), blocks[1][1]
}

// types types commands there, with a `go mod tidy` that asks no module proxy.
func (c checkout) types(t *testing.T, script string, args ...string) {
	t.Helper()
	bin := t.TempDir()
	compiler, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(bin+"/go", []byte("#!/bin/sh\ncase \"$1 $2\" in 'mod tidy') ;; *) exec "+compiler+" \"$@\" ;; esac\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(string(c), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bash", append([]string{"-euo", "pipefail", "-c", script}, args...)...)
	cmd.Dir = string(c)
	cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=me", "GIT_AUTHOR_EMAIL=me@example.com", "GIT_COMMITTER_NAME=me", "GIT_COMMITTER_EMAIL=me@example.com")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", script, err, said)
	}
}

func (c checkout) read(t *testing.T, file string) string {
	t.Helper()
	return read(t, filepath.Join(string(c), file))
}

// differs wants a checkout that differs from the original in these files and its server, and nowhere else.
func (c checkout) differs(t *testing.T, files []string) {
	t.Helper()
	out, err := exec.Command("git", "-C", string(c), "diff", "--name-only", "--no-renames", "original", "--", ".", ":!app").Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Fields(string(out)); !slices.Equal(got, files) {
		t.Errorf("it differs in %q, want %q", got, files)
	}
	if entries, err := os.ReadDir(filepath.Join(string(c), "app")); err != nil || len(entries) != 1 {
		t.Errorf("in app there are %v, error %v, want main.go", entries, err)
	}
}
