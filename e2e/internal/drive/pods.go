//go:build e2e

package drive

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// Pod is one of a namespace's Pods.
type Pod struct {
	Name string
	// Node is where it runs, or empty as long as no node has room for it.
	Node string
	// Ready is whether it can serve. It can while it drains, too.
	Ready bool
	// Leaving is whether it was told to end. It is still there while it drains.
	Leaving bool
}

// Pods are some of a namespace's Pods.
type Pods []Pod

// Ready are those that are asked to serve.
func (p Pods) Ready() Pods {
	return p.those(func(pod Pod) bool { return pod.Ready && !pod.Leaving })
}

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
	text, err := p.Output("kubectl", append(slices.Clone(p.Cluster), "get", "--raw", podsOf(namespace))...)
	var pods Pods
	if err == nil {
		pods, err = parsePods(text)
	}
	if err != nil {
		t.Fatal(err)
	}
	return pods
}

// PodsThrough are the namespace's Pods, asked for through a [Project.Proxy].
func PodsThrough(proxy, namespace string) (Pods, error) {
	status, text, err := Get(proxy + podsOf(namespace))
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("status %d: %s", status, text)
	}
	if err != nil {
		return nil, err
	}
	return parsePods(text)
}

// podsOf is where the API has a namespace's Pods.
func podsOf(namespace string) string { return "/api/v1/namespaces/" + namespace + "/pods" }

func parsePods(text string) (pods Pods, err error) {
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
		return nil, err
	}
	for _, item := range list.Items {
		pod := Pod{Name: item.Metadata.Name, Node: item.Spec.NodeName, Leaving: item.Metadata.DeletionTimestamp != ""}
		for _, condition := range item.Status.Conditions {
			pod.Ready = pod.Ready || condition.Type == "Ready" && condition.Status == "True"
		}
		pods = append(pods, pod)
	}
	return pods, nil
}

// AwaitPods waits until the namespace's Pods are as wanted.
func (p *Project) AwaitPods(t *testing.T, namespace string, patience time.Duration, wanted func(Pods) bool) {
	t.Helper()
	if wanted(p.Pods(t, namespace)) {
		return
	}
	// A kubectl for each look would take more of the machine than what is waited for.
	api, stop := p.Proxy(t)
	defer stop()
	for deadline := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		pods, err := PodsThrough(api, namespace)
		if err == nil && wanted(pods) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after %s, %s has the Pods %+v, error %v", patience, namespace, pods, err)
		}
	}
}

// Proxy runs `kubectl proxy` until stop is called, and returns its address.
func (p *Project) Proxy(t *testing.T) (address string, stop func()) {
	t.Helper()
	cmd := p.Command(context.Background(), "kubectl", append(slices.Clone(p.Cluster), "proxy", "--port", "0")...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	stop = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	}
	said, err := bufio.NewReader(out).ReadString('\n')
	_, address, found := strings.Cut(strings.TrimSpace(said), "Starting to serve on ")
	if err != nil || !found {
		stop()
		t.Fatalf("kubectl proxy says %q, error %v", said, err)
	}
	return "http://" + address, stop
}

// Whole waits until the namespace has so many Pods, all of them ready: those that were on their way out have gone.
func (p *Project) Whole(t *testing.T, namespace string, count int) {
	t.Helper()
	p.AwaitPods(t, namespace, 2*Patience, func(pods Pods) bool {
		return len(pods) == count && len(pods.Ready()) == count && len(pods.Leaving()) == 0
	})
}
