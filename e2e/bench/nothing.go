//go:build e2e

package main

import "example.com/hello-world/e2e/bench/compare"

func (b *bench) nothingToDo() compare.Measurement {
	return compare.Measurement{
		Lines:  []compare.Line{{What: "nothing to do", Unit: compare.Seconds, Goal: compare.AtMost(1, compare.Seconds)}},
		Rounds: 5,
		By: map[compare.Contender]compare.Turn{
			compare.Ours:  func() ([]float64, error) { return took(func() error { return b.pulumi("up") }) },
			compare.Quick: func() ([]float64, error) { return took(func() error { return b.pulumi("up", "--skip-preview") }) },
			compare.Plain: func() ([]float64, error) { return took(b.upPlainly) },
			compare.ByHand: func() ([]float64, error) {
				return took(func() error { return b.inOrder([]string{"kubectl", "apply", "-f", "byhand.yaml"}) })
			},
		},
	}
}
