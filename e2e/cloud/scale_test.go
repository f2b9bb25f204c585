//go:build e2e

package cloud

import (
	"strconv"
	"strings"
	"testing"
)

// The program's own part in a large deployment: how long it takes to go from 1 to 1,000 Pods on 200 nodes, and how evenly they
// spread. Nodes and Pods are simulated, so nothing is pulled and nothing starts.
//
//	make e2e RUN=Cloud/ThousandPods
func testThousandPods(t *testing.T) {
	alone.Lock()
	t.Cleanup(alone.Unlock)
	const nodes = 200
	t.Cleanup(func() {
		hello.Kubectl(t, "delete", "nodes", "--selector", "simulated", "--wait=false")
		hello.Kubectl(t, "uncordon", "--selector", "!simulated")
	})
	if out, err := hello.With("KUBECONFIG="+site.KubeconfigFile(hello)).Output("e2e/cloud/simulate.sh", strconv.Itoa(nodes)); err != nil {
		t.Fatal(out, err)
	}
	stack := newStack(t, "scale", nil)
	stack.Pulumi(t, "preview") // compiles the program, which must not be timed
	pods := growth{of: "Pods"}
	for _, replicas := range []int{1, 10, 100, 1000} {
		configure(t, stack, config{"replicas": strconv.Itoa(replicas)})
		pods.grow(t, stack, replicas)
		ready := hello.Kubectl(t, "get", "deployment", "hello", "-n", "scale", "-o", "jsonpath={.status.readyReplicas}")
		if len(ready) != 1 || ready[0] != strconv.Itoa(replicas) {
			t.Errorf("ready replicas are %q right after pulumi up, want %d", ready, replicas)
		}
		fewest, most := podsPerNode(t, "scale", nodes)
		// Not quite even: with so many nodes, the scheduler considers about half for each Pod.
		if most-fewest > 3 {
			t.Errorf("%d replicas: a node has %d to %d Pods, want them spread evenly", replicas, fewest, most)
		}
	}
	t.Log("\n" + pods.table())
	stack.Pulumi(t, "destroy")
}

// podsPerNode returns how many Pods of a namespace the simulated nodes have.
func podsPerNode(t *testing.T, namespace string, nodes int) (fewest, most int) {
	t.Helper()
	pods := map[string]int{}
	for _, node := range hello.Kubectl(t, "get", "pods", "-n", namespace, "-o", "jsonpath={.items[*].spec.nodeName}") {
		if !strings.HasPrefix(node, "simulated-") {
			t.Errorf("a Pod is on the node %s, which is not simulated", node)
		}
		pods[node]++
	}
	for node := range nodes {
		count := pods["simulated-"+strconv.Itoa(node+1)]
		if node == 0 {
			fewest = count
		}
		fewest, most = min(fewest, count), max(most, count)
	}
	return fewest, most
}
