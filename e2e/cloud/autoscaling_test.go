//go:build e2e

package cloud

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The Pods become more under load and fewer without. A `pulumi up` in between leaves their number to the autoscaler.
func testAutoscaling(t *testing.T) {
	stack := newStack(t, "busy", config{
		"service": "LoadBalancer", "replicas": "1-2",
	})
	stack.Pulumi(t, "up")
	outputs := stack.Outputs(t)
	scaleDownAfter(t, outputs.Namespace, 10) // on a slow machine, a start takes enough CPU time to scale up
	waitForReplicas(t, outputs.Namespace, func(now int) bool { return now == 1 })
	scaleDownAfter(t, outputs.Namespace, 300)

	stop := keepBusy(t, "http://"+outputs.ServiceAddress+"/busy")
	defer stop()
	waitForReplicas(t, outputs.Namespace, func(now int) bool { return now == 2 })

	fewest := watchReplicas(t, outputs.Namespace)
	stack.Pulumi(t, "up", "--expect-no-changes")
	stack.Pulumi(t, "up", "--refresh")
	configure(t, stack, config{"replicas": "1-3"})
	stack.Pulumi(t, "up")
	if now := fewest(); now != 2 {
		t.Errorf("there were only %d replicas while pulumi up ran, want the autoscaler's 2", now)
	}

	stop()
	scaleDownAfter(t, outputs.Namespace, 10)
	waitForReplicas(t, outputs.Namespace, func(now int) bool { return now == 1 })
	stack.Pulumi(t, "up", "--expect-no-changes")
}

// scaleDownAfter sets for how many seconds Pods must have too little to do before there are fewer. By default, it takes
// minutes, and this does not test Kubernetes.
func scaleDownAfter(t *testing.T, namespace string, seconds int) {
	t.Helper()
	hello.Kubectl(t, "patch", "hpa", "hello", "-n", namespace, "--patch",
		fmt.Sprintf(`{"spec":{"behavior":{"scaleDown":{"stabilizationWindowSeconds":%d}}}}`, seconds))
}

// replicas returns how many Pods the Deployment asks for.
func replicas(t *testing.T, namespace string) int {
	t.Helper()
	said := hello.Kubectl(t, "get", "deployment", "hello", "-n", namespace, "-o", "jsonpath={.spec.replicas}")
	now, err := strconv.Atoi(strings.Join(said, " "))
	if err != nil {
		t.Fatal(err)
	}
	return now
}

// waitForReplicas waits for the autoscaler, which testdata/cluster.yaml makes look more often than by default.
func waitForReplicas(t *testing.T, namespace string, enough func(int) bool) {
	t.Helper()
	const patience = 8 * time.Minute
	started := time.Now()
	for {
		now := replicas(t, namespace)
		if enough(now) {
			t.Logf("%d replicas after %.0f s", now, time.Since(started).Seconds())
			return
		}
		if time.Since(started) > patience {
			t.Fatalf("there are %d replicas after %s: %q", now, patience, hello.Kubectl(t, "describe", "hpa", "hello", "-n", namespace))
		}
		time.Sleep(time.Second)
	}
}

// watchReplicas counts the replicas until stop, which returns the fewest.
func watchReplicas(t *testing.T, namespace string) (stop func() int) {
	ctx, cancel := context.WithCancel(t.Context())
	fewest := replicas(t, namespace)
	var watching sync.WaitGroup
	watching.Go(func() {
		for ctx.Err() == nil {
			fewest = min(fewest, replicas(t, namespace))
			time.Sleep(200 * time.Millisecond)
		}
	})
	return func() int { cancel(); watching.Wait(); return fewest }
}

// keepBusy asks url a few hundred times a second until stop. It renews its connections once
// a second, so that they reach new Pods.
func keepBusy(t *testing.T, url string) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
	var asking sync.WaitGroup
	for range 4 {
		asking.Go(func() {
			for asked := 0; ctx.Err() == nil; asked++ {
				response, err := client.Get(url)
				if err == nil {
					response.Body.Close()
				}
				if asked%100 == 0 {
					client.CloseIdleConnections()
				}
				time.Sleep(8 * time.Millisecond)
			}
		})
	}
	return sync.OnceFunc(func() { cancel(); asking.Wait() })
}
