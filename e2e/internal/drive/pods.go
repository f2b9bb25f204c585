//go:build e2e

package drive

import (
	"encoding/json"
	"slices"
	"testing"
	"time"
)

// Pod is one of a namespace's Pods.
type Pod struct {
	Name string
	// Node is where it runs, or empty as long as no node has room for it.
	Node string
	// Ready is whether it is asked to serve.
	Ready bool
	// Leaving is whether it was told to end. It is still there while it drains.
	Leaving bool
}

// Pods are some of a namespace's Pods.
type Pods []Pod

// Ready are those that are asked to serve.
func (p Pods) Ready() Pods { return p.those(func(pod Pod) bool { return pod.Ready }) }

// Leaving are those that were told to end.
func (p Pods) Leaving() Pods { return p.those(func(pod Pod) bool { return pod.Leaving }) }

// On are those of one node.
func (p Pods) On(node string) Pods { return p.those(func(pod Pod) bool { return pod.Node == node }) }

// Elsewhere are those of every other node.
func (p Pods) Elsewhere(node string) Pods {
	return p.those(func(pod Pod) bool { return pod.Node != node })
}

func (p Pods) those(are func(Pod) bool) Pods {
	return slices.DeleteFunc(slices.Clone(p), func(pod Pod) bool { return !are(pod) })
}

// Pods are the namespace's Pods.
func (p *Project) Pods(t *testing.T, namespace string) Pods {
	t.Helper()
	text, err := p.Output("kubectl", append(slices.Clone(p.Cluster), "get", "pods", "-n", namespace, "-o", "json")...)
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Items []struct {
			Metadata struct{ Name, DeletionTimestamp string }
			Spec     struct{ NodeName string }
			Status   struct {
				Conditions []struct{ Type, Status string }
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatal(err)
	}
	var pods Pods
	for _, item := range list.Items {
		pod := Pod{Name: item.Metadata.Name, Node: item.Spec.NodeName, Leaving: item.Metadata.DeletionTimestamp != ""}
		for _, condition := range item.Status.Conditions {
			pod.Ready = pod.Ready || condition.Type == "Ready" && condition.Status == "True"
		}
		pods = append(pods, pod)
	}
	return pods
}

// AwaitPods waits until the namespace's Pods are as wanted.
func (p *Project) AwaitPods(t *testing.T, namespace string, patience time.Duration, wanted func(Pods) bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(500 * time.Millisecond) {
		pods := p.Pods(t, namespace)
		if wanted(pods) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after %s, %s has the Pods %+v", patience, namespace, pods)
		}
	}
}

// Whole waits until the namespace has so many Pods, all of them ready: those that were on their way out have gone.
func (p *Project) Whole(t *testing.T, namespace string, count int) {
	t.Helper()
	p.AwaitPods(t, namespace, 2*Patience, func(pods Pods) bool {
		return len(pods) == count && len(pods.Ready()) == count && len(pods.Leaving()) == 0
	})
}
