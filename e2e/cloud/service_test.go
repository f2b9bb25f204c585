//go:build e2e

package cloud

import (
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// A Service of each type is reachable where the output says.
func testServiceTypes(t *testing.T) {
	stack := newStack(t, "service", config{"service": "LoadBalancer"})
	stack.Pulumi(t, "up")
	outputs := stack.Outputs(t)
	assigned := hello.Kubectl(t, "get", "service", "hello-service", "-n", outputs.Namespace,
		"-o", "jsonpath={.status.loadBalancer.ingress[*].ip}")
	if len(assigned) != 1 || outputs.ServiceAddress != assigned[0]+":8080" {
		t.Errorf("the serviceAddress output is %q, want port 8080 of the load balancer's address, %q", outputs.ServiceAddress, assigned)
	}
	drive.Eventually(t, "http://"+outputs.ServiceAddress+"/service", drive.IsGreeting)
	drive.Eventually(t, outputs.URL, drive.IsGreeting)

	configure(t, stack, config{"service": "NodePort"})
	stack.Pulumi(t, "up")
	outputs = stack.Outputs(t)
	_, port, found := strings.Cut(outputs.ServiceAddress, ":")
	if !found {
		t.Fatalf("the serviceAddress output is %q, want one with a port", outputs.ServiceAddress)
	}
	for _, node := range hello.Kubectl(t, "get", "nodes", "-o", `jsonpath={.items[*].status.addresses[?(@.type=="InternalIP")].address}`) {
		drive.Eventually(t, "http://"+node+":"+port+"/service", drive.IsGreeting)
	}
	drive.Eventually(t, outputs.URL, drive.IsGreeting)
	if said, err := stack.Output("make", "status", "STACK=service"); err != nil {
		t.Error(said, err)
	}
}
