//go:build e2e

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"example.com/hello-world/e2e/bench/compare"
)

// memory of one Pod that nobody asks for anything.
func (b *bench) memory() compare.Measurement {
	of := func(deployment string) compare.Turn {
		return func() ([]float64, error) {
			bytes, err := b.memoryOf(deployment)
			for deadline := time.Now().Add(time.Minute); errors.Is(err, errUnknown) && time.Now().Before(deadline); {
				time.Sleep(time.Second) // the kubelet looks at a new Pod after a while
				bytes, err = b.memoryOf(deployment)
			}
			return []float64{bytes / 1e6}, err
		}
	}
	return compare.Measurement{
		Lines:  []compare.Line{{What: "memory of an idle Pod", Unit: compare.Megabytes, Goal: compare.AtMost(15, compare.Megabytes)}},
		Rounds: 1,
		By:     map[compare.Contender]compare.Turn{compare.Ours: of("hello"), compare.ByHand: of("byhand")},
	}
}

var errUnknown = errors.New("the kubelet knows nothing of its memory")

// memoryOf is what a Pod of the deployment works with, in bytes, as the kubelet
// sees it.
func (b *bench) memoryOf(deployment string) (float64, error) {
	said, err := b.Output("kubectl", "get", "--raw", "/api/v1/nodes/"+node+"/proxy/stats/summary")
	if err != nil {
		return 0, err
	}
	var summary struct {
		Pods []struct {
			PodRef struct{ Name string }
			Memory struct{ WorkingSetBytes float64 }
		}
	}
	if err := json.Unmarshal([]byte(said), &summary); err != nil {
		return 0, err
	}
	for _, pod := range summary.Pods {
		if strings.HasPrefix(pod.PodRef.Name, deployment+"-") && pod.Memory.WorkingSetBytes > 0 {
			return pod.Memory.WorkingSetBytes, nil
		}
	}
	return 0, fmt.Errorf("%s: %w", deployment, errUnknown)
}
