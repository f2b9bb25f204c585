package buildcontext

import (
	"archive/tar"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// write makes a tree of files in a new current directory. Modes are set
// whatever the umask, because they count.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, content := range files {
		put(t, name, content)
	}
}

func put(t *testing.T, name, content string) {
	t.Helper()
	check(t, os.MkdirAll(filepath.Dir(name), 0o755))
	check(t, os.WriteFile(name, []byte(content), 0o644))
	check(t, os.Chmod(name, 0o644))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func digest(t *testing.T, dir, dockerfile string) string {
	t.Helper()
	c, err := Open(dir, dockerfile)
	check(t, err)
	sum, err := c.Digest()
	check(t, err)
	return sum
}

func archived(t *testing.T, dir, dockerfile string) (names []string) {
	t.Helper()
	c, err := Open(dir, dockerfile)
	check(t, err)
	var b bytes.Buffer
	check(t, c.WriteTar(&b))
	for r := tar.NewReader(&b); ; {
		header, err := r.Next()
		if err == io.EOF {
			slices.Sort(names)
			return names
		}
		check(t, err)
		if header.Uid != 0 || header.Gid != 0 || header.Uname != "" {
			t.Errorf("%s belongs to %d:%d %s", header.Name, header.Uid, header.Gid, header.Uname)
		}
		names = append(names, header.Name)
	}
}

var tree = map[string]string{
	"app/Dockerfile":            "FROM scratch\nCOPY . /\n",
	"app/.dockerignore":         "*\n!main.go\n!run.sh\n!latest\n!pkg\n**/*_test.go\n!pkg/**/keep_test.go\n",
	"app/main.go":               "package main\n",
	"app/run.sh":                "#!/bin/sh\n",
	"app/secret":                "s3cret\n",
	"app/pkg/a.go":              "package pkg\n",
	"app/pkg/a_test.go":         "package pkg\n",
	"app/pkg/deep/keep_test.go": "package deep\n",
	"app/.git/config":           "[core]\n",
}

func writeTree(t *testing.T) {
	t.Helper()
	write(t, tree)
	check(t, os.Chmod("app/run.sh", 0o755))
	check(t, os.Symlink("main.go", "app/latest"))
}

// The official plugin 4.10.0 records this digest for this tree.
const officialDigest = "a43b11e553a82af6baebe6c543faa4063d2fa6179a0e129b21d46c5e479cf9ad"

func TestDigestIsTheOfficialOne(t *testing.T) {
	writeTree(t)
	if got := digest(t, "app", "app/Dockerfile"); got != officialDigest {
		t.Errorf("digest %s, want %s", got, officialDigest)
	}
}

func TestDigestChangesWithWhatIsBuilt(t *testing.T) {
	rename := func(from, to string) func(*testing.T) {
		return func(t *testing.T) { check(t, os.Rename(from, to)) }
	}
	edit := func(name string) func(*testing.T) {
		return func(t *testing.T) { put(t, name, "edited") }
	}
	for name, test := range map[string]struct {
		change  func(*testing.T)
		matters bool
	}{
		"content":         {edit("app/main.go"), true},
		"Dockerfile":      {edit("app/Dockerfile"), true},
		"new file":        {edit("app/pkg/b.go"), true},
		"exception":       {edit("app/pkg/deep/keep_test.go"), true},
		"name":            {rename("app/pkg/a.go", "app/pkg/z.go"), true},
		"mode":            {func(t *testing.T) { check(t, os.Chmod("app/main.go", 0o755)) }, true},
		"link":            {func(t *testing.T) { check(t, os.Remove("app/latest")); check(t, os.Symlink("run.sh", "app/latest")) }, true},
		"link to nothing": {func(t *testing.T) { check(t, os.Remove("app/latest")); check(t, os.Symlink("gone", "app/latest")) }, true},
		"ignored file":    {edit("app/secret"), false},
		"ignored test":    {edit("app/pkg/a_test.go"), false},
		"ignored tree":    {edit("app/.git/HEAD"), false},
		"outside":         {edit("README.md"), false},
		"time":            {func(t *testing.T) { check(t, os.Chtimes("app/main.go", time.Now(), time.Unix(1, 0))) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			writeTree(t)
			test.change(t)
			if changed := digest(t, "app", "app/Dockerfile") != officialDigest; changed != test.matters {
				t.Errorf("changed: %v, want %v", changed, test.matters)
			}
		})
	}
}

func TestArchive(t *testing.T) {
	writeTree(t)
	got := archived(t, "app", "app/Dockerfile")
	want := []string{".dockerignore", "Dockerfile", "latest", "main.go",
		"pkg/", "pkg/a.go", "pkg/deep/", "pkg/deep/keep_test.go", "run.sh"}
	if !slices.Equal(got, want) {
		t.Errorf("archive %v, want %v", got, want)
	}
}

func TestDockerfileWithItsOwnIgnoreFile(t *testing.T) {
	write(t, map[string]string{
		"app/main.go":                        "",
		"app/notes":                          "",
		"app/.dockerignore":                  "main.go\n",
		"build/prod.Dockerfile":              "FROM scratch\n",
		"build/prod.Dockerfile.dockerignore": "notes\n.dockerignore\n",
	})
	c, err := Open("app", "build/prod.Dockerfile")
	check(t, err)
	got := archived(t, "app", "build/prod.Dockerfile")
	want := []string{c.Dockerfile(), ".dockerignore", "main.go"}
	if !slices.Equal(got, want) {
		t.Errorf("archive %v, want %v", got, want)
	}
}

func TestMalformedIgnoreFile(t *testing.T) {
	write(t, map[string]string{"app/Dockerfile": "", "app/.dockerignore": "bad[\n"})
	if _, err := Open("app", "app/Dockerfile"); err == nil {
		t.Error("accepted")
	}
}
