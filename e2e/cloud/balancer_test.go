//go:build e2e

package cloud

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/load"
)

// late is how late the balancer hears that a Pod was told to stop.
const late = 15 * time.Second

// testSlowBalancer rolls out behind a load balancer that sends to Pods directly and drops them late, as those of clouds do:
// later than the default drain time. The key drainTime helps, and nothing else does.
func testSlowBalancer(t *testing.T) {
	stack := newStack(t, "balancer", config{"replicas": "2", "drainTime": "30", "namespaceLabels": `{"team":"shop"}`})
	stack.Pulumi(t, "up")
	if got := hello.Kubectl(t, "get", "namespace", "balancer", "-o", "jsonpath={.metadata.labels.team}"); !slices.Equal(got, []string{"shop"}) {
		t.Errorf("the namespace has the label team %q, want shop", got)
	}
	balanced := balance(t, "balancer")
	for _, rollout := range []struct {
		change config // of the Pods
		bad    bool
	}{
		{config{"monitoring": "kube-system"}, false},
		{config{"drainTime": "2"}, false}, // the old Pods still have 30 s
		{config{"drainTime": "30"}, true},
	} {
		configure(t, stack, rollout.change)
		requests := load.Start(balanced+"/balancer", "Hello world", 50)
		stack.Pulumi(t, "up")
		hello.AwaitReplicas(t, "balancer", 2)
		report := requests.Stop()
		t.Logf("%v: %s", rollout.change, report)
		if report.Requests == 0 || (report.Bad > 0) != rollout.bad {
			t.Errorf("%v: %s, want bad ones: %v", rollout.change, report, rollout.bad)
		}
	}
}

// balance runs the balancer for a namespace until the test ends, and returns its address. It reaches Pods through the
// cluster's API, which connects to a Pod's address as such a balancer does.
func balance(t *testing.T, namespace string) string {
	t.Helper()
	api, stop := hello.Proxy(t)
	t.Cleanup(stop)
	targets := &targets{leaving: map[string]time.Time{}}
	go func() {
		for t.Context().Err() == nil {
			if pods, err := drive.PodsThrough(api, namespace); err == nil {
				targets.follow(pods)
			}
			time.Sleep(200 * time.Millisecond)
		}
	}()
	server := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		to, err := url.Parse(api + "/api/v1/namespaces/" + namespace + "/pods/" + targets.next() + ":8080/proxy")
		if err == nil {
			r.SetURL(to)
		}
	}, Transport: &http.Transport{MaxIdleConnsPerHost: load.Connections}})
	t.Cleanup(server.Close)
	return server.URL
}

// targets are the Pods that get requests, in turn.
type targets struct {
	mutex   sync.Mutex
	pods    []string
	turn    int
	leaving map[string]time.Time // when they were told to stop
}

// follow adds a Pod when it is ready, and drops it late.
func (t *targets) follow(pods drive.Pods) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	for _, pod := range pods.Ready() {
		if !slices.Contains(t.pods, pod.Name) {
			t.pods = append(t.pods, pod.Name)
		}
	}
	t.pods = slices.DeleteFunc(t.pods, func(name string) bool {
		if slices.ContainsFunc(pods.Ready(), func(pod drive.Pod) bool { return pod.Name == name }) {
			return false
		}
		if t.leaving[name].IsZero() {
			t.leaving[name] = time.Now()
		}
		return time.Since(t.leaving[name]) > late
	})
}

func (t *targets) next() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if len(t.pods) == 0 {
		return ""
	}
	t.turn++
	return t.pods[t.turn%len(t.pods)]
}
