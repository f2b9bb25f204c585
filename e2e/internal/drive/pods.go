//go:build e2e

package drive

import (
	"strings"
	"testing"
	"time"
)

// Whole waits until a namespace has so many Pods, all of them ready: those that were on their way out have gone.
func (p *Project) Whole(t *testing.T, namespace string, pods int) {
	t.Helper()
	for deadline := time.Now().Add(2 * Patience); ; time.Sleep(500 * time.Millisecond) {
		ready := p.Kubectl(t, "get", "pods", "-n", namespace, "-o",
			`jsonpath={range .items[*]}{.metadata.name}/{.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}`)
		whole := len(ready) == pods
		for _, pod := range ready {
			whole = whole && strings.HasSuffix(pod, "/True")
		}
		if whole {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s has the Pods %q after %s, want %d that are ready", namespace, ready, 2*Patience, pods)
		}
	}
}
