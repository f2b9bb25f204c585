//go:build e2e

package main

import (
	"time"

	"example.com/hello-world/e2e/bench/compare"
)

// scale goes from 1 replica to 3, all ready, and back.
func (b *bench) scale() compare.Measurement {
	there := func(to func(replicas string) error) compare.Turn {
		return func() ([]float64, error) {
			if err := to("1"); err != nil {
				return nil, err
			}
			time.Sleep(drain)
			up, err := took(func() error { return to("3") })
			if err != nil {
				return nil, err
			}
			down, err := took(func() error { return to("1") })
			if err != nil {
				return nil, err
			}
			time.Sleep(drain)
			return append(up, down...), to("3")
		}
	}
	return compare.Measurement{
		Lines: []compare.Line{
			{What: "replicas 1 → 3, all ready", Unit: compare.Seconds, Goal: compare.AtMost(2, compare.Seconds)},
			{What: "replicas 3 → 1", Unit: compare.Seconds},
		},
		Rounds: 3,
		By: map[compare.Contender]compare.Turn{
			compare.Ours: there(func(replicas string) error { return b.pulumi("up", "--config", "replicas="+replicas) }),
			compare.Quick: there(func(replicas string) error {
				return b.pulumi("up", "--skip-preview", "--config", "replicas="+replicas)
			}),
			compare.ByHand: there(func(replicas string) error {
				_, err := b.script(`kubectl scale deployment/byhand --replicas "$0" && kubectl rollout status deployment/byhand`, replicas)
				return err
			}),
		},
	}
}

// drain is how long Pods that go are at work, so that others have the machine to
// themselves.
const drain = 11 * time.Second
