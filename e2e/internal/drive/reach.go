//go:build e2e

package drive

import (
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Address returns the address of a Pod, with a port.
func (p *Project) Address(t *testing.T, namespace, pod, port string) string {
	t.Helper()
	return net.JoinHostPort(p.Kubectl(t, "get", "pod", pod, "-n", namespace, "-o", "jsonpath={.status.podIP}")[0], port)
}

// Reaches fails the test unless a Pod gets a connection to an address, or gets none, as wanted. A change may take a moment
// to reach what decides that.
func (p *Project) Reaches(t *testing.T, namespace, pod, address string, want bool) {
	t.Helper()
	where := p.Kubectl(t, "get", "pod", pod, "-n", namespace, "-o", "jsonpath={.spec.nodeName} {.metadata.uid}")
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	// A Pod may have no client, so run its node's in the Pod's network.
	const connect = `process=$(grep --files-with-matches --no-messages "pod${0//-/.}" /proc/[0-9]*/cgroup | head -1 | cut -d/ -f3)
		nsenter --net --target "${process:?}" timeout 1 bash -c 'true <"/dev/tcp/$0/$1"' "$1" "$2" 2>/dev/null && echo reached || echo "not reached"`
	for deadline := time.Now().Add(15 * time.Second); ; {
		said, err := exec.Command("docker", "exec", where[0], "bash", "-uc", connect, where[1], host, port).CombinedOutput()
		got := strings.TrimSpace(string(said)) == "reached"
		if err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		if got == want {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("%s of %s reaches %s: %v, want %v", pod, namespace, address, got, want)
			return
		}
	}
}
