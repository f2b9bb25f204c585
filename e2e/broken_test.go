//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// Versions that cannot serve: `pulumi up` says why, the old version goes on answering, and the next good version needs no
// hand-work.

func testCrash(t *testing.T) {
	brokenVersion(t, "app/main.go", "func main() {", "func main() {\n\tpanic(\"no cheese at start\")",
		"no cheese at start", "CrashLoopBackOff")
}

func testPanicOnFirstRequest(t *testing.T) {
	brokenVersion(t, "app/hello.go", "{ w.Write(page) })", "{ panic(fmt.Sprintf(\"no cheese today but %d bytes\", len(page))) })",
		"no cheese today", "CrashLoopBackOff")
}

func testNeverReady(t *testing.T) {
	brokenVersion(t, "app/admin.go", "if !ready.Load() {", "if ready.Load() {", "containers with unready status: [hello]")
}

// brokenVersion ships one edit of the server after which it cannot serve, and takes it back.
func brokenVersion(t *testing.T, file, old, new string, says ...string) {
	f := three(t)
	hello.Edit(t, file, old, new)
	hurry(t)
	f.refusedUnderLoad(t, says...)
	hello.Edit(t, file, new, old)
	f.recovers(t)
}

func testCannotBePulled(t *testing.T) {
	f := three(t)
	missing := f.Image[:strings.Index(f.Image, "@")] + "@sha256:" + strings.Repeat("0", 64)
	good := hello.Read(t, "Pulumi."+stack+".yaml")
	f.promote(t, missing)
	hurry(t)
	f.refusedUnderLoad(t, "not found")
	if err := os.WriteFile(filepath.Join(hello.Dir, "Pulumi."+stack+".yaml"), good, 0o644); err != nil {
		t.Fatal(err)
	}
	f.recovers(t)
}

// hurry has `pulumi up` give up sooner, until the service recovers.
func hurry(t *testing.T) {
	hello.Pulumi(t, "config", "set", "rolloutTimeout", "20")
}

// refusedUnderLoad wants `pulumi up` to fail with words from the Pod, while nobody
// notices and no Pod of the old version goes.
func (f *underTest) refusedUnderLoad(t *testing.T, says ...string) {
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

func (f *underTest) recovers(t *testing.T) {
	t.Helper()
	hello.Pulumi(t, "config", "rm", "rolloutTimeout")
	f.nobodyNotices(t, func() { hello.Pulumi(t, "up") })
	f.whole(t)
	drive.Eventually(t, f.URL, drive.IsGreeting)
}
