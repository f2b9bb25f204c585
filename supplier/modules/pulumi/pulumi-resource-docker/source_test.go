package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tonistiigi/fsutil/types"
)

// write makes a tree of files in a new current directory. Modes are set whatever the umask, because they count.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, content := range files {
		put(t, name, content)
	}
}

func put(t *testing.T, name, content string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(name), 0o755))
	must(t, os.WriteFile(name, []byte(content), 0o644))
	must(t, os.Chmod(name, 0o644))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func digestOf(t *testing.T, dir, dockerfile string) string {
	t.Helper()
	sum, err := source{dir, dockerfile}.digest(t.Context())
	must(t, err)
	return sum
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
	must(t, os.Chmod("app/run.sh", 0o755))
	must(t, os.Symlink("main.go", "app/latest"))
}

// The official plugin 4.10.0 records this digest for this tree.
const officialDigest = "a43b11e553a82af6baebe6c543faa4063d2fa6179a0e129b21d46c5e479cf9ad"

func TestDigestIsTheOfficialOne(t *testing.T) {
	writeTree(t)
	if got := digestOf(t, "app", "app/Dockerfile"); got != officialDigest {
		t.Errorf("digest %s, want %s", got, officialDigest)
	}
}

func TestDigestChangesWithWhatIsBuilt(t *testing.T) {
	rename := func(from, to string) func(*testing.T) {
		return func(t *testing.T) { must(t, os.Rename(from, to)) }
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
		"mode":            {func(t *testing.T) { must(t, os.Chmod("app/main.go", 0o755)) }, true},
		"link":            {func(t *testing.T) { must(t, os.Remove("app/latest")); must(t, os.Symlink("run.sh", "app/latest")) }, true},
		"link to nothing": {func(t *testing.T) { must(t, os.Remove("app/latest")); must(t, os.Symlink("gone", "app/latest")) }, true},
		"ignored file":    {edit("app/secret"), false},
		"ignored test":    {edit("app/pkg/a_test.go"), false},
		"ignored tree":    {edit("app/.git/HEAD"), false},
		"outside":         {edit("README.md"), false},
		"time":            {func(t *testing.T) { must(t, os.Chtimes("app/main.go", time.Now(), time.Unix(1, 0))) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			writeTree(t)
			test.change(t)
			if changed := digestOf(t, "app", "app/Dockerfile") != officialDigest; changed != test.matters {
				t.Errorf("changed: %v, want %v", changed, test.matters)
			}
		})
	}
}

func TestAllFilesBelongToRoot(t *testing.T) {
	writeTree(t)
	_ = os.Chown("app/main.go", 1234, 1234) // unless root runs the test, they are another user's already
	folders, err := source{"app", "app/Dockerfile"}.folders()
	must(t, err)
	for name, want := range map[string]string{"context": "pkg/deep/keep_test.go", "dockerfile": "Dockerfile"} {
		found := false
		must(t, folders[name].Walk(t.Context(), "", func(file string, entry fs.DirEntry, err error) error {
			must(t, err)
			info, err := entry.Info()
			must(t, err)
			if stat := info.Sys().(*types.Stat); stat.Uid != 0 || stat.Gid != 0 {
				t.Errorf("%s belongs to %d:%d", file, stat.Uid, stat.Gid)
			}
			found = found || file == want
			return nil
		}))
		if !found {
			t.Errorf("%s lacks %s", name, want)
		}
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
	before := digestOf(t, "app", "build/prod.Dockerfile")
	put(t, "app/notes", "edited")
	if digestOf(t, "app", "build/prod.Dockerfile") != before {
		t.Error("the Dockerfile's own ignore file does not count")
	}
	put(t, "app/main.go", "edited")
	if digestOf(t, "app", "build/prod.Dockerfile") == before {
		t.Error("the context's ignore file counts")
	}
}

func TestMalformedIgnoreFile(t *testing.T) {
	write(t, map[string]string{"app/Dockerfile": "", "app/.dockerignore": "bad[\n"})
	if _, err := (source{"app", "app/Dockerfile"}).digest(t.Context()); err == nil {
		t.Error("accepted")
	}
}
