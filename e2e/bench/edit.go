//go:build e2e

package main

import (
	"time"

	"example.com/hello-world/e2e/bench/compare"
)

func (b *bench) edit() compare.Measurement {
	// ships changes the server, which takes no time here, and ships it. What it
	// replaced has gone before the next one's turn.
	ships := func(edit, ship func() error) compare.Turn {
		return func() ([]float64, error) {
			if err := edit(); err != nil {
				return nil, err
			}
			figures, err := took(ship)
			time.Sleep(drain)
			return figures, err
		}
	}
	return compare.Measurement{
		Lines:  []compare.Line{{What: "an edit of the server, on 3 replicas", Unit: compare.Seconds, Goal: compare.AtMostTimes(1, compare.Ko).And(compare.AtMostTimes(0.1, compare.ByHand))}},
		Rounds: 3,
		By: map[compare.Contender]compare.Turn{
			compare.Ours:   ships(b.editServer, func() error { return b.pulumi("up") }),
			compare.Quick:  ships(b.editServer, func() error { return b.pulumi("up", "--skip-preview") }),
			compare.ByHand: ships(b.editByHand, b.rollOutByHand),
			compare.Ko:     ships(b.editServer, b.rollOutByKo),
		},
	}
}
