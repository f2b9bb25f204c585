//go:build e2e

package e2e

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/load"
)

// byHand does to what the stack runs what people do who know kubectl, and what a cluster does by itself. Whatever the number
// of Pods has become, they take turns, and one alone serves until its successor does.
var byHand = drive.Suite{Name: "ByHand", Scenarios: []drive.Scenario{
	{Name: "Autoscaled", Run: testAutoscaled},
	{Name: "Kubectl", Run: testKubectl},
}}

// testKubectl types the commands of an introduction to Kubernetes.
func testKubectl(t *testing.T) {
	outputs := hello.Running(t)
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
	visitors := arrive(t, outputs.URL)
	types(t, "kubectl scale deployment hello --replicas=3 -n hello", "deployment.apps/hello scaled")
	visitors.meet(t, outputs.Namespace, 3)
	types(t, "kubectl delete pod "+pod.Name+" -n hello", pod.Name+" deleted")
	visitors.meet(t, outputs.Namespace, 3)
	types(t, "kubectl scale deployment hello --replicas=1 -n hello", "deployment.apps/hello scaled")
	visitors.meet(t, outputs.Namespace, 1)
	last := hello.Pods(t, outputs.Namespace)[0].Name
	types(t, "kubectl delete pod "+last+" -n hello", last+" deleted")
	visitors.meet(t, outputs.Namespace, 1)
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
	outputs := hello.Running(t, "maxReplicas=3")
	requests := load.Start(outputs.URL, "<h1>Hello world</h1>", 50)
	defer requests.Stop() // if the test ends early
	visitors := arrive(t, outputs.URL)
	hello.Kubectl(t, "delete", "pod", hello.Pods(t, outputs.Namespace)[0].Name, "-n", outputs.Namespace)
	visitors.meet(t, outputs.Namespace, 1)
	hello.Kubectl(t, "scale", "deployment", "hello", "--replicas", "3", "-n", outputs.Namespace)
	visitors.meet(t, outputs.Namespace, 3)
	hello.Pulumi(t, "up", "--expect-no-changes")
	if report := requests.Stop(); report.Bad > 0 {
		t.Errorf("users noticed: %s", report)
	}
}

// visitors ask who answers, each on a connection of its own, which they keep.
type visitors struct {
	url  string
	keep []*http.Client
}

// arrive opens the connections.
func arrive(t *testing.T, url string) *visitors {
	t.Helper()
	v := &visitors{url: url}
	for range 4 {
		v.keep = append(v.keep, &http.Client{Timeout: drive.Patience, Transport: &http.Transport{MaxConnsPerHost: 1}})
	}
	t.Cleanup(func() {
		for _, client := range v.keep {
			client.CloseIdleConnections()
		}
	})
	v.ask(t, len(v.keep))
	return v
}

// ask returns how many of the requests each Pod answered.
func (v *visitors) ask(t *testing.T, requests int) map[string]int {
	t.Helper()
	answers := map[string]int{}
	for i := range requests {
		response, err := v.keep[i%len(v.keep)].Get(v.url + "/whoami")
		if err != nil {
			t.Fatal(err)
		}
		var who drive.Whoami
		err = json.NewDecoder(response.Body).Decode(&who)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("the answer is %s, error %v", response.Status, err)
		}
		answers[who.Pod]++
	}
	return answers
}

// meet waits for so many Pods, and fails the test unless all of them take turns soon. It logs
// how soon: on an idle machine within three seconds.
func (v *visitors) meet(t *testing.T, namespace string, pods int) {
	t.Helper()
	hello.AwaitReplicas(t, namespace, pods)
	for ready := time.Now(); ; {
		answers := v.ask(t, 10*pods)
		least := 10 * pods
		for _, count := range answers {
			least = min(least, count)
		}
		after := time.Since(ready)
		if len(answers) == pods && least >= 5 {
			t.Logf("%d Pods take turns after %.1f s: %v", pods, after.Seconds(), answers)
			return
		}
		if after > drive.Patience {
			t.Errorf("%.1f s after %d Pods are ready, %d requests are answered by %v", after.Seconds(), pods, 10*pods, answers)
			return
		}
	}
}
