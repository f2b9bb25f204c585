//go:build e2e

package faults

import (
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// Versions that cannot serve: `pulumi up` says why, the old version keeps answering, and the next good version needs no work
// by hand.

func testCrash(t *testing.T) {
	const file, old, new = "app/main.go", "func main() {", "func main() {\n\tpanic(\"no cheese at start\")"
	f := brokenVersion(t, file, old, new, "no cheese at start", "hello ended with exit code 2")
	hello.Edit(t, file, new, old)
	hello.Configure(t, "rolloutTimeout=600")
	f.expectNoBadAnswer(t, func() { hello.Pulumi(t, "up") })
	f.awaitThreePods(t)
	drive.Eventually(t, f.URL, drive.IsGreeting)
}

func testPanicOnFirstRequest(t *testing.T) {
	brokenVersion(t, "app/hello.go", "{ w.Write(page) })", "{ panic(fmt.Sprintf(\"no cheese today but %d bytes\", len(page))) })",
		"no cheese today", "hello ended with exit code 2")
}

func testNeverReady(t *testing.T) {
	brokenVersion(t, "app/admin.go", "if !ready.Load() {", "if ready.Load() {",
		"it is not ready after 13s: ", "Readiness probe failed: HTTP probe failed with statuscode: 503")
}

// brokenVersion ships an edit that breaks the server. The next scenario ships a good version, or another broken one.
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

// impatient returns the stack with three replicas and a short patience. After a broken version, the good one's Pods still run.
func impatient(t *testing.T) *underTest {
	t.Helper()
	const soon = "rolloutTimeout=10"
	f := lastRefused
	if f == nil || hello.Disturbed() > drive.Looked {
		f = threeReplicas(t)
	}
	hello.Ready(t, "replicas=3", soon)
	return f
}

// lastRefused is the stack that the last scenario left, if that shipped a broken version.
var lastRefused *underTest

// refusedUnderLoad fails the test unless `pulumi up` fails with words from the Pod, users
// notice nothing, and no Pod of the old version goes.
func (f *underTest) refusedUnderLoad(t *testing.T, says ...string) {
	t.Helper()
	f.expectNoBadAnswer(t, func() {
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
	lastRefused = f
	hello.Forget()
	hello.Settled()
}
