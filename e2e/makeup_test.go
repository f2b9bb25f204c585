//go:build e2e

package e2e

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// makeUp goes from no cluster to a service that answers. The later suites share what it makes.
var makeUp = drive.Suite{Name: "MakeUp", Scenarios: []drive.Scenario{
	{Name: "Tour", Run: testTour, Soak: true},
	{Name: "ClusterGone", Run: testClusterGone, Soak: true},
	{Name: "TwoAtOnce", Run: testTwoAtOnce, Soak: true},
	{Name: "Interrupted", Run: testMakeUpInterrupted, Soak: true},
}}

// makeDown goes back.
var makeDown = drive.Suite{Name: "MakeDown", Scenarios: []drive.Scenario{
	{Name: "NotOurs", Run: testNotOurs},
	{Name: "Interrupted", Run: testMakeDownInterrupted},
}}

// testMakeUpInterrupted interrupts one `make up` after another; each continues where the last one ended. The final one brings
// the service up.
func testMakeUpInterrupted(t *testing.T) {
	nothing(t)
	for _, how := range []drive.Interruption{
		{At: "registry " + clusterSettings["REGISTRY"] + ": runs", Signal: syscall.SIGINT, All: true},
		{At: "Preparing nodes", Signal: syscall.SIGINT, All: true},
		{At: "Starting control-plane", Signal: syscall.SIGKILL, All: true},
		{At: "Pulumi program: building", Signal: syscall.SIGINT, All: true},
		{At: "Namespace hello creating", Signal: syscall.SIGKILL, All: true},
	} {
		t.Log(how)
		if strings.Contains(how.At, "Pulumi program") { // on a fast machine it has been built by now
			hello.Edit(t, "infra/main.go", "// Command infra", "// Command  infra")
		}
		hello.Interrupt(t, how, "make", "up")
	}
	answers(t, hello.AfterInterruption(t, "make", "up"))
	site.Made(true)
	// This kills only make. What it runs goes on, and the next one waits for it.
	hello.Interrupt(t, drive.Interruption{At: "Previewing update", Signal: syscall.SIGKILL}, "make", "up")
	said, err := hello.Output("make", "up")
	if err != nil || !strings.Contains(said, "waiting for another command") {
		t.Errorf("it says %s, error %v", said, err)
	}
	answers(t, said)
}

// testTwoAtOnce makes the cluster twice at the same time: one waits for the other.
func testTwoAtOnce(t *testing.T) {
	nothing(t)
	said := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := hello.Output("make", "cluster")
			said <- err
		}()
	}
	if err := errors.Join(<-said, <-said); err != nil {
		t.Error(err)
	}
	site.Made(true)
	hello.Running(t)
}

// testClusterGone removes the cluster and leaves the state, as `kind delete cluster` does.
func testClusterGone(t *testing.T) {
	hello.Running(t)
	if said, err := hello.Output("kind", "delete", "cluster", "--name", clusterSettings["CLUSTER"]); err != nil {
		t.Fatal(said, err)
	}
	said, err := hello.Output("make", "up")
	if err != nil {
		t.Fatal(err)
	}
	answers(t, said)
	site.Made(true)
}

// testNotOurs removes the mark of the clusters that this project made: without it, the user may have made the cluster by hand,
// so nothing uses or deletes it. Nor does `make up` use a cluster of ours with other settings than it was asked for.
func testNotOurs(t *testing.T) {
	hello.Running(t)
	refuses := func(says string, args ...string) {
		t.Helper()
		if said, err := hello.Output("make", args...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("make %q: want an error that says %q: %s, %v", args, says, said, err)
		}
	}
	refuses("NODES is 2, and the cluster hello-e2e has 3", "up", "NODES=2")
	refuses("HTTP_PORT is 18088, and the cluster hello-e2e has 18080", "up", "HTTP_PORT=18088")

	const node = "hello-e2e-control-plane"
	drive.Docker(t, "exec", node, "bash", "-euc", "mkdir /away && mv /kind/hello-world /etc/containerd/certs.d/ghcr.io /away")
	defer drive.Docker(t, "exec", node, "bash", "-euc", "mv /away/hello-world /kind && mv /away/ghcr.io /etc/containerd/certs.d && rmdir /away")
	refuses("that this project did not make", "up")
	refuses("this project did not make the cluster hello-e2e", "down")
	hello.Pulumi(t, "up", "--refresh", "--expect-no-changes")
}

// testMakeDownInterrupted interrupts `make down` when the cluster is gone, and the stack does not know yet.
func testMakeDownInterrupted(t *testing.T) {
	hello.Running(t)
	keepEngine(t)
	hello.Interrupt(t, drive.Interruption{At: clusterSettings["CLUSTER"] + ": gone", Signal: syscall.SIGINT, All: true}, "make", "down")
	site.Made(false)
	// Pulumi cannot reach the cluster, which is as it should be. It may say that the last update was interrupted.
	if said := hello.OnTerminal(t, "make", "down"); strings.Contains(said, "error") || strings.Contains(said, "unreachable") {
		t.Errorf("it complains: %s", said)
	}
	expectNothingLeft(t)
}

// keepEngine runs a container until the test ends. Otherwise `make down` would end a Docker Engine that `make tools` started,
// and tests of other packages may be about to use it.
func keepEngine(t *testing.T) {
	t.Helper()
	id := strings.TrimSpace(drive.Docker(t, "run", "--detach", "registry:3"))
	t.Cleanup(func() { drive.Docker(t, "rm", "--force", "--volumes", id) })
}

// answers fails the test unless the output of `make up` ends with an answer from the service.
func answers(t *testing.T, said string) {
	t.Helper()
	if _, answer, _ := strings.Cut(said, "the service runs: "); !drive.IsGreeting(http.StatusOK, answer) {
		t.Errorf("it does not end with an answer from the service: %s", said)
	}
}

// nothing configures the stack and removes the cluster.
func nothing(t *testing.T) {
	t.Helper()
	hello.Configured(t, site.Uninhabited(t))
	down(t) // an earlier run may have left it
	site.Made(false)
	if err := os.RemoveAll(hello.Dir + "/.pulumi-state/.pulumi"); err != nil {
		t.Fatal(err)
	}
	hello.Configured(t, hello.Project)
	t.Cleanup(func() { hello.EndOrphans(t) })
}

// down removes the cluster and leaves the stack.
func down(t *testing.T) {
	t.Helper()
	if err := hello.Show("bin/ship", "cluster", "down"); err != nil { // as "make down" names it if the cluster does not answer
		t.Error(err)
	}
}

// expectNothingLeft fails the test if there is a cluster, or anything in the stack.
func expectNothingLeft(t *testing.T) {
	t.Helper()
	if left, err := hello.Output("kind", "get", "clusters"); err != nil || strings.Contains(left, clusterSettings["CLUSTER"]) {
		t.Errorf("clusters left: %q, error %v", left, err)
	}
	hello.Pulumi(t, "stack", "rm", hello.Name, "--yes", "--preserve-config") // refuses while resources are left
}
