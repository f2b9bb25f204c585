//go:build e2e

package faults

import (
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// testVerify refuses a version that does not answer as the key verify demands, and rolls out one that does.
func testVerify(t *testing.T) {
	f := threeReplicas(t)
	const old, new = "Answered by Pod", "Answered by the Pod"
	hello.Edit(t, "app/hello.go", old, new)

	hello.Pulumi(t, "config", "set", "verify", "/hello 418")
	f.expectNoBadAnswer(t, func() {
		out, err := hello.Output("pulumi", "--non-interactive", "up")
		if err == nil {
			t.Fatalf("pulumi up took a version that fails: %s", out)
		}
		if says := "it answers /hello with 200 OK instead of 418"; !strings.Contains(err.Error(), says) {
			t.Errorf("the message lacks %q: %v", says, err)
		}
	})
	if left := f.pods(t).Ready(); len(left) != 3 {
		t.Errorf("%d of the three old Pods are left: %+v", len(left), left)
	}
	f.noTrialLeft(t)

	// A killed run leaves its trial behind, until Kubernetes ends it.
	hello.Kubectl(t, "create", "job", "hello-trial", "-n", f.Namespace, "--image", f.Image)
	hello.Pulumi(t, "config", "set", "verify", "/hello")
	f.expectNoBadAnswer(t, func() {
		if out := hello.Pulumi(t, "up"); !strings.Contains(out, "answered /hello with 200") {
			t.Errorf("it does not say that the version passed: %s", out)
		}
		// From now on, every answer comes from the new version.
		for i := range 500 {
			if _, page, err := drive.Get(f.URL); err != nil || !strings.Contains(page, new) {
				t.Fatalf("answer %d after pulumi up is the old version's: %q, error %v", i, page, err)
			}
		}
	})
	f.noTrialLeft(t)
}

// noTrialLeft fails the test if the namespace has the trial's Job, or a Pod that does not serve.
func (f *underTest) noTrialLeft(t *testing.T) {
	t.Helper()
	f.awaitThreePods(t)
	// Kubernetes removes a Job after its Pod has ended.
	hello.Kubectl(t, "wait", "--for", "delete", "job/hello-trial", "-n", f.Namespace, "--timeout", "300s")
	if jobs := hello.Kubectl(t, "get", "job", "hello-trial", "-n", f.Namespace, "--ignore-not-found", "-o", "name"); len(jobs) > 0 {
		t.Errorf("the trial has left %q", jobs)
	}
}
