//go:build e2e

package drive

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// Pod is one of a namespace's Pods.
type Pod struct {
	Name string
	// Node is where it runs, or "" while no node has room for it.
	Node string
	// Ready is whether it can serve. A draining Pod still can.
	Ready bool
	// Leaving is whether it was told to stop. It is still there while it drains.
	Leaving bool
}

// Pods are some of a namespace's Pods.
type Pods []Pod

// Ready returns the Pods that get requests.
func (p Pods) Ready() Pods {
	return p.those(func(pod Pod) bool { return pod.Ready && !pod.Leaving })
}

// Leaving returns the Pods that were told to stop.
func (p Pods) Leaving() Pods { return p.those(func(pod Pod) bool { return pod.Leaving }) }

// On returns the Pods on a node.
func (p Pods) On(node string) Pods { return p.those(func(pod Pod) bool { return pod.Node == node }) }

// Elsewhere returns the Pods on other nodes.
func (p Pods) Elsewhere(node string) Pods {
	return p.those(func(pod Pod) bool { return pod.Node != node })
}

func (p Pods) those(are func(Pod) bool) Pods {
	return slices.DeleteFunc(slices.Clone(p), func(pod Pod) bool { return !are(pod) })
}

// Pods returns the namespace's Pods.
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

// PodsThrough returns the namespace's Pods, through a [Project.Proxy].
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

// podsOf returns the API's path of a namespace's Pods, without those that run once and those of a worker called mails.
func podsOf(namespace string) string {
	return "/api/v1/namespaces/" + namespace + "/pods?labelSelector=" + url.QueryEscape("!hello-world/one-off-of,app!=hello-mails")
}

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
	// To run kubectl for each look would take more of the machine than what it waits for.
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

// AwaitReplicas waits until the namespace has exactly count Pods, all of them ready and none leaving.
func (p *Project) AwaitReplicas(t *testing.T, namespace string, count int) {
	t.Helper()
	p.AwaitPods(t, namespace, 2*Patience, func(pods Pods) bool {
		return len(pods) == count && len(pods.Ready()) == count && len(pods.Leaving()) == 0
	})
}
