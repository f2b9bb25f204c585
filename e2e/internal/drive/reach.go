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
	const connect = `true <"/dev/tcp/$0/$1" && echo reached`
	for deadline := time.Now().Add(15 * time.Second); ; {
		got := p.inNetworkOf(t, namespace, pod, "1", connect, address) == "reached"
		if got == want {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("%s of %s reaches %s: %v, want %v", pod, namespace, address, got, want)
			return
		}
	}
}

// AskedFrom returns the status of the answer that a Pod gets from an address to a request such as "GET /"; "" if it gets none.
func (p *Project) AskedFrom(t *testing.T, namespace, pod, address, request string) string {
	t.Helper()
	const ask = `exec 3<>"/dev/tcp/$0/$1"
		printf '%s HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "$2" "$0" >&3
		read -r -u 3 _ status _ && echo "$status"`
	return p.inNetworkOf(t, namespace, pod, "10", ask, address, request)
}

// inNetworkOf runs a bash script in the network of a Pod, and returns what it prints within some seconds. It gets the host and
// the port of an address, and further arguments, as $0, $1 and so on. A Pod may have no client, so the script runs on its node.
func (p *Project) inNetworkOf(t *testing.T, namespace, pod, seconds, script, address string, args ...string) string {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	where := p.Kubectl(t, "get", "pod", pod, "-n", namespace, "-o", "jsonpath={.spec.nodeName} {.metadata.uid}")
	const enter = `process=$(grep --files-with-matches --no-messages "pod${0//-/.}" /proc/[0-9]*/cgroup | head -1 | cut -d/ -f3)
		nsenter --net --target "${process:?}" timeout "$@" 2>/dev/null || true`
	said, err := exec.Command("docker", append([]string{"exec", where[0], "bash", "-uc", enter, where[1], seconds, "bash", "-c", script, host, port}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return strings.TrimSpace(string(said))
}
