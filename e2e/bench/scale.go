//go:build e2e

package main

import "example.com/hello-world/e2e/bench/compare"

// scale goes from 1 replica to 3, all ready.
func (b *bench) scale() compare.Measurement {
	to := func(replicas string, flags ...string) func() error {
		return b.up(append(flags, "--config", "replicas="+replicas)...)
	}
	return compare.Measurement{
		Lines: []compare.Line{
			{What: "replicas 1 → 3, all ready", Unit: compare.Seconds, Goal: compare.AtMostTimes(1.25, compare.Floor)},
			{What: "replicas 1 → 3, without preview", Unit: compare.Seconds, Goal: compare.AtMostTimes(1.25, compare.Floor)},
		},
		Rounds: 7,
		By: map[compare.Contender]compare.Turn{
			compare.Ours: b.turn(to("1", "--skip-preview"), to("3"), to("3", "--skip-preview")),
			compare.Floor: func() ([]float64, error) {
				withPreview, without, _, err := b.onEmpty(b.scales(floor, "1"), b.scales(floor, "3"))
				return []float64{withPreview, without}, err
			},
			compare.Helm:   b.turn(b.upgrades("replicas=1"), b.upgrades("replicas=3")),
			compare.ByHand: b.turn(b.scales(byHand, "1"), b.scales(byHand, "3")),
		},
	}
}
