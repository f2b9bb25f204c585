//go:build e2e

package cloud

import (
	"context"
	"sync"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// Two applications share the cluster. What happens to one does not affect the other.
func testTwoStacks(t *testing.T) {
	one := newStack(t, "one", nil)
	one.Pulumi(t, "up")
	drive.Eventually(t, one.Outputs(t).URL, drive.IsGreeting)
	two := newStack(t, "two", config{"port": "9190"})
	stop := keepAsking(t, one.Outputs(t).URL)
	two.Pulumi(t, "up")
	drive.Eventually(t, two.Outputs(t).URL, drive.IsGreeting)
	stop()

	before := one.Fingerprint(t, "one")
	greedy := newStack(t, "greedy", config{"namespace": "one"})
	for _, command := range []string{"preview", "up"} {
		refused(t, greedy, tooLong, command, "namespace", `"one"`, "belongs to stack organization/hello-world/one", "not there yet")
	}

	// Nor does a stack take over another owner's controller.
	hello.Kubectl(t, "create", "clusterrole", "traefik", "--verb", "get", "--resource", "pods")
	bringing := newStack(t, "bringing", config{"ingressController": "traefik", "ingressClass": "traefik"})
	refused(t, bringing, tooLong, "up", "ingressController", `ClusterRole "traefik"`, "pulumi config set ingressController none")

	stop = keepAsking(t, one.Outputs(t).URL)
	two.Pulumi(t, "destroy")
	stop()

	if namespaceExists(t, "two") {
		t.Error("the stack that was destroyed still has its namespace")
	}
	if after := one.Fingerprint(t, "one"); after != before {
		t.Errorf("the stack that stays changed:\nbefore %s\nafter  %s", before, after)
	}
	one.Pulumi(t, "up", "--expect-no-changes")
}

// keepAsking asks url ten times a second until stop. Every answer must be the greeting.
func keepAsking(t *testing.T, url string) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var asking sync.WaitGroup
	asking.Go(func() {
		for asked := 0; ; asked++ {
			select {
			case <-ctx.Done():
				if asked == 0 {
					t.Errorf("%s was not asked once", url)
				}
				return
			case <-time.After(100 * time.Millisecond):
			}
			if status, body, err := drive.Get(url); err != nil || !drive.IsGreeting(status, body) {
				t.Errorf("GET %s: %d %q, error %v", url, status, body, err)
			}
		}
	})
	return func() { cancel(); asking.Wait() }
}
