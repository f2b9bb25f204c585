//go:build e2e

package main

import (
	"encoding/json"
	"fmt"
	"time"

	"example.com/hello-world/e2e/bench/compare"
)

// memory of one Pod that nobody asks for anything.
func (b *bench) memory() compare.Measurement {
	of := func(namespace string) compare.Turn {
		return func() ([]float64, error) {
			for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Second) {
				bytes, err := b.memoryOf(namespace)
				if err != nil || bytes > 0 {
					return []float64{bytes / 1e6}, err
				}
				if time.Now().After(deadline) {
					return nil, fmt.Errorf("the kubelet knows nothing of the memory of a Pod in %s", namespace)
				}
			}
		}
	}
	return compare.Measurement{
		Lines:  []compare.Line{{What: "memory of an idle Pod", Unit: compare.Megabytes, Goal: compare.AtMost(15, compare.Megabytes)}},
		Rounds: 1,
		By:     map[compare.Contender]compare.Turn{compare.Ours: of(ours), compare.Floor: of(byHand)},
	}
}

// memoryOf is what a Pod of the namespace works with, in bytes, as the kubelet sees it; 0 as long as it has not looked.
func (b *bench) memoryOf(namespace string) (float64, error) {
	said, err := b.Output("kubectl", "get", "--raw", "/api/v1/nodes/"+node+"/proxy/stats/summary")
	if err != nil {
		return 0, err
	}
	var summary struct {
		Pods []struct {
			PodRef struct{ Namespace string }
			Memory struct{ WorkingSetBytes float64 }
		}
	}
	if err := json.Unmarshal([]byte(said), &summary); err != nil {
		return 0, err
	}
	for _, pod := range summary.Pods {
		if pod.PodRef.Namespace == namespace && pod.Memory.WorkingSetBytes > 0 {
			return pod.Memory.WorkingSetBytes, nil
		}
	}
	return 0, nil
}
