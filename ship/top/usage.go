package top

import (
	"context"
	"net/url"
	"sync"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/api/resource"

	"example.com/hello-world/infra/kubeconfig"
)

// usage is what a Pod takes now.
type usage struct{ cpu, memory resource.Quantity }

// usageOf returns what Pods of a namespace take, by name: as the metrics server says or, if there is none, their nodes. It lacks
// those of which neither says anything, or may to these credentials.
func usageOf(ctx context.Context, cluster *kubeconfig.Connection, namespace string, nodes []string) map[string]usage {
	of := map[string]usage{}
	var metrics struct {
		Items []struct {
			kubeconfig.Object
			Containers []struct {
				Usage struct{ CPU, Memory resource.Quantity }
			}
		}
	}
	if there, err := cluster.Read(ctx, "/apis/metrics.k8s.io/v1beta1/namespaces/"+namespace+"/pods", &metrics); there && err == nil {
		for _, item := range metrics.Items {
			var sum usage
			for _, container := range item.Containers {
				sum.cpu.Add(container.Usage.CPU)
				sum.memory.Add(container.Usage.Memory)
			}
			of[item.Name] = sum
		}
		return of
	}
	var mutex sync.Mutex
	var group errgroup.Group
	group.SetLimit(atOnce)
	for _, node := range nodes {
		group.Go(func() error {
			var summary struct {
				Pods []struct {
					PodRef struct{ Name, Namespace string }
					CPU    struct{ UsageNanoCores int64 }
					Memory struct{ WorkingSetBytes int64 }
				}
			}
			// A node that does not answer, or may not, has nothing to tell.
			_, _ = cluster.Read(ctx, "/api/v1/nodes/"+url.PathEscape(node)+"/proxy/stats/summary?only_cpu_and_memory=true", &summary)
			mutex.Lock()
			defer mutex.Unlock()
			for _, pod := range summary.Pods {
				if pod.PodRef.Namespace == namespace {
					of[pod.PodRef.Name] = usage{*resource.NewScaledQuantity(pod.CPU.UsageNanoCores, resource.Nano), *resource.NewQuantity(pod.Memory.WorkingSetBytes, resource.BinarySI)}
				}
			}
			return nil
		})
	}
	_ = group.Wait() // nothing fails
	return of
}
