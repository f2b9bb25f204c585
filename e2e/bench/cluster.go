//go:build e2e

package main

import (
	"os"
	"path/filepath"

	"example.com/hello-world/e2e/bench/compare"
)

// cluster is the creation of a cluster with its registry, and its end.
func (b *bench) cluster() compare.Measurement {
	return compare.Measurement{
		Lines: []compare.Line{
			{What: "`make cluster`", Unit: compare.Seconds},
			{What: "its removal", Unit: compare.Seconds},
		},
		Rounds: 2,
		By: map[compare.Contender]compare.Turn{compare.Ours: func() ([]float64, error) {
			up, err := took(func() error { return b.inOrder([]string{"cluster/up.sh"}) })
			if err != nil {
				return nil, err
			}
			down, err := took(func() error { return b.inOrder([]string{"cluster/down.sh"}) })
			return append(up, down...), err
		}},
	}
}

// makeUp starts where tools and images are there, as after `make down`.
func (b *bench) makeUp() compare.Measurement {
	return compare.Measurement{
		Lines:  []compare.Line{{What: "`make up` after `make down`", Unit: compare.Seconds, Goal: compare.AtMost(60, compare.Seconds)}},
		Rounds: 2,
		By: map[compare.Contender]compare.Turn{compare.Ours: func() ([]float64, error) {
			if err := os.Remove(filepath.Join(b.Dir, "bin/infra")); err != nil { // as in a fresh clone
				return nil, err
			}
			if err := b.newStack("cached", 1); err != nil {
				return nil, err
			}
			up, err := took(func() error { return b.inOrder([]string{"make", "up", "STACK=cached"}) })
			if err != nil {
				return nil, err
			}
			return up, b.inOrder([]string{"pulumi", "stack", "rm", "cached", "--force", "--yes"}, []string{"cluster/down.sh"})
		}},
	}
}
