//go:build e2e

package main

import (
	"fmt"

	"example.com/hello-world/e2e/bench/compare"
)

// growth is what a preview and an update take as replicas grow.
func (b *bench) growth() compare.Measurement {
	sizes := []int{1, 10, 50}
	var m compare.Measurement
	for _, size := range sizes {
		m.Lines = append(m.Lines,
			compare.Line{What: fmt.Sprintf("`pulumi preview` of %d replicas", size), Unit: compare.Seconds},
			compare.Line{What: fmt.Sprintf("`pulumi up` to %d replicas, all ready", size), Unit: compare.Seconds})
	}
	m.Rounds = 1
	m.By = map[compare.Contender]compare.Turn{compare.Ours: func() (figures []float64, err error) {
		if err := b.newStack("growth", 0); err != nil {
			return nil, err
		}
		if err := b.pulumi("up"); err != nil {
			return nil, err
		}
		for _, size := range sizes {
			if err := b.pulumi("config", "set", "replicas", fmt.Sprint(size)); err != nil {
				return nil, err
			}
			for _, command := range []string{"preview", "up"} {
				figure, err := took(func() error { return b.pulumi(command) })
				if err != nil {
					return nil, err
				}
				figures = append(figures, figure...)
			}
		}
		return figures, nil
	}}
	return m
}
