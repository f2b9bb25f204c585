//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// Versions that cannot serve: `pulumi up` says why, the old version goes on answering, and the next good version needs no
// hand-work.

func testCrash(t *testing.T) {
	const file, old, new = "app/main.go", "func main() {", "func main() {\n\tpanic(\"no cheese at start\")"
	f := brokenVersion(t, file, old, new, "no cheese at start", "CrashLoopBackOff")
	hello.Edit(t, file, new, old)
	hello.Configure(t, "rolloutTimeout=600")
	f.nobodyNotices(t, func() { hello.Pulumi(t, "up", "--skip-preview") })
	f.whole(t)
	drive.Eventually(t, f.URL, drive.IsGreeting)
}

func testPanicOnFirstRequest(t *testing.T) {
	brokenVersion(t, "app/hello.go", "{ w.Write(page) })", "{ panic(fmt.Sprintf(\"no cheese today but %d bytes\", len(page))) })",
		"no cheese today", "CrashLoopBackOff")
}

func testNeverReady(t *testing.T) {
	brokenVersion(t, "app/admin.go", "if !ready.Load() {", "if ready.Load() {", "containers with unready status: [hello]",
		"Readiness probe failed: HTTP probe failed with statuscode: 503")
}

// brokenVersion ships an edit of the server after which it cannot serve. What comes next ships a good one, or another that
// is broken.
func brokenVersion(t *testing.T, file, old, new string, says ...string) *underTest {
	t.Helper()
	f := impatient(t)
	hello.Edit(t, file, old, new)
	f.refusedUnderLoad(t, says...)
	return f
}

func testCannotBePulled(t *testing.T) {
	f := impatient(t)
	missing := f.Image[:strings.Index(f.Image, "@")] + "@sha256:" + strings.Repeat("0", 64)
	f.promote(t, missing)
	f.refusedUnderLoad(t, "not found")
}

// impatient is three, with a stack that soon gives up waiting. After a broken version, the good one's Pods still run.
func impatient(t *testing.T) *underTest {
	t.Helper()
	const soon = "rolloutTimeout=10"
	f := lastRefused
	if f == nil || hello.Disturbed() > drive.Looked {
		f = three(t)
	}
	ready(t, "replicas=3", soon)
	return f
}

// lastRefused is the stack as the last scenario left it, if that was about a broken version.
var lastRefused *underTest

// refusedUnderLoad wants `pulumi up` to fail with words from the Pod, while nobody
// notices and no Pod of the old version goes.
func (f *underTest) refusedUnderLoad(t *testing.T, says ...string) {
	t.Helper()
	f.nobodyNotices(t, func() {
		out, err := hello.Output("pulumi", "--non-interactive", "up", "--skip-preview")
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
	lastRefused, now.config = f, nil
	hello.Settled()
}
