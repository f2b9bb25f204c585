//go:build e2e

package main

import (
	"strconv"
	"strings"

	"example.com/hello-world/e2e/bench/compare"
)

func (b *bench) imageSize() compare.Measurement {
	of := func(namespace string) compare.Turn {
		return func() ([]float64, error) {
			size, err := b.script(`image=$(kubectl get deployment hello --namespace "$0" --output jsonpath={..image})
				docker image inspect "$image" >/dev/null 2>&1 || docker pull --quiet "$image" >/dev/null
				docker image inspect --format '{{.Size}}' "$image"`, namespace)
			if err != nil {
				return nil, err
			}
			bytes, err := strconv.ParseFloat(strings.TrimSpace(size), 64)
			return []float64{bytes / 1e6}, err
		}
	}
	return compare.Measurement{
		Lines:  []compare.Line{{What: "image", Unit: compare.Megabytes, Goal: compare.AtMost(8, compare.Megabytes)}},
		Rounds: 1,
		By:     map[compare.Contender]compare.Turn{compare.Ours: of(ours), compare.Ko: of(ko), compare.ByHand: of(byHand)},
	}
}
