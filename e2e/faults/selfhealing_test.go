//go:build e2e

package faults

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// testRegistryStopped stops the registry, and the one that nodes pull from. Running Pods keep serving: nodes keep the images
// that they have.
func testRegistryStopped(t *testing.T) {
	f := threeReplicas(t)
	f.expectNoBadAnswer(t, func() { drive.Docker(t, append([]string{"stop"}, registries()...)...) })
	f.repaired(t)
}

func testNodesRestarted(t *testing.T) {
	f := threeReplicas(t)
	drive.Docker(t, append([]string{"restart"}, nodes(t)...)...)
	f.repaired(t)
}

// testSlowStart delays the control plane by a minute. `make up` waits, and does not delete the cluster.
func testSlowStart(t *testing.T) {
	f := threeReplicas(t)
	id := func() []string {
		return hello.Kubectl(t, "get", "namespace", "kube-system", f.Namespace, "-o", "jsonpath={.items[*].metadata.uid}")
	}
	before := id()
	controlPlane := clusterSettings["CLUSTER"] + "-control-plane"
	drive.Docker(t, "pause", controlPlane)
	slow := time.AfterFunc(time.Minute, func() { drive.Docker(t, "unpause", controlPlane) })
	defer slow.Stop()
	f.repaired(t)
	if after := id(); !slices.Equal(after, before) {
		t.Errorf("it is another cluster: %q, was %q", after, before)
	}
}

func testMachineRebooted(t *testing.T) {
	f := threeReplicas(t)
	down := time.Now()
	reboot(t)
	f.repaired(t)
	t.Logf("the service is whole again %.0f s after the machine went down", time.Since(down).Seconds())
}

// reboot does to the cluster what a reboot of the machine does. If `make tools` started the
// engine and nothing else uses it, reboot ends the engine with all that it runs, and `make
// up` has to start it. On any other machine it kills the cluster's containers all at once.
func reboot(t *testing.T) {
	t.Helper()
	ours := append(nodes(t), registries()...)
	running := strings.Fields(drive.Docker(t, "ps", "--format", "{{.Names}}"))
	others := slices.DeleteFunc(running, func(name string) bool { return slices.Contains(ours, name) })
	pid, _ := os.ReadFile("/run/hello-world-dockerd.pid") // as supplier/bare/engine writes it
	if len(pid) == 0 || len(others) > 0 {
		t.Logf("THE DOCKER ENGINE STAYS, because it is not ours alone (other containers: %q); killed are %q", others, ours)
		drive.Docker(t, append([]string{"kill"}, ours...)...)
		return
	}
	t.Logf("the Docker Engine (process %s) ends", pid)
	if out, err := exec.CommandContext(t.Context(), "bash", "-euc", `kill "$0"; while kill -0 "$0" 2>/dev/null; do sleep 0.1; done`, string(pid)).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// registries returns the names of the containers that keep the images.
func registries() []string {
	return []string{clusterSettings["REGISTRY"], clusterSettings["REGISTRY"] + "-reader"}
}

// nodes returns the names of the cluster's containers.
func nodes(t *testing.T) []string {
	t.Helper()
	out, err := hello.Output("kind", "get", "nodes", "--name", clusterSettings["CLUSTER"])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(out)
}

// workers returns the nodes that the service's Pods run on.
func workers(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(nodes(t), func(node string) bool { return !strings.Contains(node, "worker") })
}

// repaired runs `make up`, and fails the test unless the service answers from then on, and is whole before long.
func (f *underTest) repaired(t *testing.T) {
	t.Helper()
	if _, err := hello.Output("make", "up"); err != nil {
		t.Fatal(err)
	}
	f.expectNoBadAnswer(t, func() {
		f.awaitThreePods(t)
		hello.AwaitReplicas(t, "traefik", 2)
	})
}
