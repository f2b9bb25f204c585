//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// testBrokenVersions ships versions that cannot serve. `pulumi up` says why, the
// old version goes on answering, and the next good version needs no hand-work.
// The first of them has the time that people have by default, the others less.
func (f *faults) testBrokenVersions(t *testing.T) {
	f.build(t)
	for i, test := range []struct {
		name, file, old, new string
		says                 []string
	}{
		{"Crash", "app/main.go", "func main() {", "func main() {\n\tpanic(\"no cheese at start\")", []string{"no cheese at start", "CrashLoopBackOff"}},
		{"PanicOnFirstRequest", "app/hello.go", "{ w.Write(page) })", "{ panic(fmt.Sprintf(\"no cheese today but %d bytes\", len(page))) })", []string{"no cheese today", "CrashLoopBackOff"}},
		{"NeverReady", "app/admin.go", "if !ready.Load() {", "if ready.Load() {", []string{"containers with unready status: [hello]"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			good := hello.Read(t, test.file)
			hello.Edit(t, test.file, test.old, test.new)
			if i > 0 {
				hurry(t)
			}
			f.refusedUnderLoad(t, test.says...)
			if err := os.WriteFile(filepath.Join(hello.Dir, test.file), good, 0o644); err != nil {
				t.Fatal(err)
			}
			f.recovers(t)
		})
	}
	t.Run("CannotBePulled", func(t *testing.T) {
		missing := f.images[0][:strings.Index(f.images[0], "@")] + "@sha256:" + strings.Repeat("0", 64)
		f.promote(t, missing)
		hurry(t)
		f.refusedUnderLoad(t, "not found")
		f.build(t)
		f.recovers(t)
	})
}

// hurry has `pulumi up` give up sooner, until the service recovers.
func hurry(t *testing.T) {
	hello.Pulumi(t, "config", "set", "rolloutTimeout", "20")
}

// refusedUnderLoad wants `pulumi up` to fail with words from the Pod, while nobody
// notices and no Pod of the old version goes.
func (f *faults) refusedUnderLoad(t *testing.T, says ...string) {
	t.Helper()
	f.nobodyNotices(t, func() {
		out, err := hello.Output("pulumi", "--non-interactive", "up")
		if err == nil {
			t.Fatalf("pulumi up took a broken version: %s", out)
		}
		for _, words := range says {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("the message lacks %q: %v", words, err)
			}
		}
		if left := f.pods(t).Ready(); len(left) != 3 {
			t.Errorf("%d of the three old Pods are left: %+v", len(left), left)
		}
	})
}

func (f *faults) recovers(t *testing.T) {
	t.Helper()
	hello.Pulumi(t, "config", "rm", "rolloutTimeout")
	f.nobodyNotices(t, func() { hello.Pulumi(t, "up") })
	f.whole(t)
	drive.Eventually(t, f.URL, drive.IsGreeting)
}
