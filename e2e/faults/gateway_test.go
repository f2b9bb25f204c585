//go:build e2e

package faults

import (
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// throughGateway are those of the faults that concern the way in.
var throughGateway = drive.Suite{Name: "Gateway", Scenarios: []drive.Scenario{
	{Name: "OneReplica", Run: testOneReplica},
	{Name: "RestartedIngressController", Run: testRestartedIngressController},
	{Name: "LostNode", Run: testLostNode, Soak: true},
	{Name: "TenRollouts", Run: testTenRollouts, Soak: true},
	{Name: "Scaling", Run: testScaling, Soak: true},
	{Name: "OtherPort", Run: testOtherPort, Soak: true},
	{Name: "AllPodsDeleted", Run: func(t *testing.T) { testDeletedPods(t, 3) }, Soak: true},
	{Name: "DrainedWorkers", Run: testDrainedWorkers, Soak: true},
	{Name: "KilledProcess", Run: testKilledProcess, Soak: true},
	{Name: "PanicOnFirstRequest", Run: testPanicOnFirstRequest, Soak: true},
	{Name: "Namespace", Run: testNamespaceRenamed, Soak: true},
	{Name: "NodesRestarted", Run: testNodesRestarted, Soak: true},
	{Name: "MachineRebooted", Run: testMachineRebooted, Soak: true},
}}

// testToGatewayAndBack makes an HTTPRoute take the Ingress's place and the Ingress that of the HTTPRoute, with one replica.
func testToGatewayAndBack(t *testing.T) {
	f := &underTest{hello.Running(t)}
	const ingress, route = "ingress.networking.k8s.io/hello-ingress", "httproute.gateway.networking.k8s.io/hello-route"
	for _, way := range []struct{ is, change string }{{route, "set gateway traefik/traefik"}, {ingress, "rm gateway"}} {
		f.expectNoBadAnswer(t, func() {
			hello.Pulumi(t, append([]string{"config"}, strings.Fields(way.change)...)...)
			hello.Pulumi(t, "up")
		})
		if is := hello.Kubectl(t, "get", "ingresses,httproutes", "-n", f.Namespace, "-o", "name"); len(is) != 1 || is[0] != way.is {
			t.Errorf("after config %s, the way in is %q, want %s", way.change, is, way.is)
		}
		if url := hello.Outputs(t).URL; url != f.URL {
			t.Errorf("after config %s, the URL is %s, was %s", way.change, url, f.URL)
		}
	}
	hello.Forget()
}
