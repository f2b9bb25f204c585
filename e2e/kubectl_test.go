//go:build e2e

package e2e

import (
	"testing"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/load"
)

// byHand does to what the stack runs what people do who know kubectl, and what a cluster does by itself. Whatever the number
// of Pods has become, they take turns, and one alone serves until its successor does, for which it has drainTime.
var byHand = drive.Suite{Name: "ByHand", Scenarios: []drive.Scenario{
	{Name: "Autoscaled", Run: testAutoscaled, Soak: true},
	{Name: "Kubectl", Run: testKubectl},
}}

// patientDrain leaves the only Pod's successor time to get ready on a slow machine.
const patientDrain = "drainTime=30"

// testKubectl types the commands of an introduction to Kubernetes.
func testKubectl(t *testing.T) {
	outputs := hello.Running(t, patientDrain)
	pod := hello.Pods(t, outputs.Namespace)[0]
	t.Cleanup(func() {
		hello.Kubectl(t, "delete", "service", "my-service", "-n", outputs.Namespace, "--ignore-not-found")
	})
	for _, test := range []struct{ command, says string }{
		{"kubectl get nodes", "hello-e2e-worker Ready"},
		{"kubectl get pods -n hello", pod.Name + " 1/1 Running"},
		{"kubectl get pods -n hello -o wide", pod.Name + " 1/1 Running " + pod.Node},
		{"kubectl get services -n hello", "hello-service ClusterIP 8080/TCP"},
		{"kubectl get ingress -n hello", "hello-ingress traefik 127.0.0.1"},
		{"kubectl describe service hello-service -n hello", "Selector: app=hello"},
		{"kubectl describe ingress hello-ingress -n hello", "/hello hello-service:"},
		{"kubectl expose deployment hello --type=LoadBalancer --name=my-service -n hello", "service/my-service exposed"},
		{"kubectl get services -n hello", "my-service LoadBalancer <pending> 8080:"},
	} {
		types(t, test.command, test.says)
	}

	requests := load.Start(outputs.URL, "<h1>Hello world</h1>", 50)
	defer requests.Stop() // if the test ends early
	visitors := drive.Arrive(t, outputs.URL)
	types(t, "kubectl scale deployment hello --replicas=3 -n hello", "deployment.apps/hello scaled")
	visitors.Meet(t, hello.Project, outputs.Namespace, 3)
	types(t, "kubectl delete pod "+pod.Name+" -n hello", pod.Name+" deleted")
	visitors.Meet(t, hello.Project, outputs.Namespace, 3)
	types(t, "kubectl scale deployment hello --replicas=1 -n hello", "deployment.apps/hello scaled")
	visitors.Meet(t, hello.Project, outputs.Namespace, 1)
	last := hello.Pods(t, outputs.Namespace)[0].Name
	types(t, "kubectl delete pod "+last+" -n hello", last+" deleted")
	visitors.Meet(t, hello.Project, outputs.Namespace, 1)
	if report := requests.Stop(); report.Bad > 0 {
		t.Errorf("users noticed: %s", report)
	}
}

// types types a command, as in a shell with `make env`, and fails the test unless a line of what it says has the words.
func types(t *testing.T, command, says string) {
	t.Helper()
	if said := run(t, hello.Project, "bash", "-euc", `eval "$(make env)"`+"\n"+command); !drive.HasLine(said, says) {
		t.Errorf("%q does not say %q: %s", command, says, said)
	}
}

// testAutoscaled has an autoscaler, whose step from 1 to 3 is a change of the Deployment's scale, as that of `kubectl scale`.
// This cluster measures nothing, so the autoscaler leaves the number at that; Cloud/Autoscaling has one that sets it.
func testAutoscaled(t *testing.T) {
	hello.Running(t, patientDrain) // an autoscaler begins with the Pods that are there
	outputs := hello.Running(t, patientDrain, "replicas=1-3")
	requests := load.Start(outputs.URL, "<h1>Hello world</h1>", 50)
	defer requests.Stop() // if the test ends early
	visitors := drive.Arrive(t, outputs.URL)
	hello.Kubectl(t, "delete", "pod", hello.Pods(t, outputs.Namespace)[0].Name, "-n", outputs.Namespace)
	visitors.Meet(t, hello.Project, outputs.Namespace, 1)
	hello.Kubectl(t, "scale", "deployment", "hello", "--replicas", "3", "-n", outputs.Namespace)
	visitors.Meet(t, hello.Project, outputs.Namespace, 3)
	hello.Pulumi(t, "up", "--expect-no-changes")
	if report := requests.Stop(); report.Bad > 0 {
		t.Errorf("users noticed: %s", report)
	}
}
