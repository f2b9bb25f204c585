//go:build e2e

package main

import (
	"fmt"
	"strconv"
	"strings"

	"example.com/hello-world/e2e/bench/compare"
)

// running are the images of the Deployments, as Docker knows them, by whose they
// are.
var running = map[compare.Contender]string{compare.Ours: "bench/ours", compare.ByHand: "bench/byhand", compare.Ko: "bench/ko"}

func (b *bench) imageSize() compare.Measurement {
	sizes := map[compare.Contender]compare.Turn{}
	for who, deployment := range map[compare.Contender]string{compare.Ours: "hello --namespace hello", compare.ByHand: "byhand", compare.Ko: "ko"} {
		sizes[who] = func() ([]float64, error) {
			size, err := b.script(`image=$(kubectl get deployment $0 --output jsonpath={..image})
				docker image inspect "$image" >/dev/null 2>&1 || docker pull --quiet "$image" >/dev/null
				docker tag "$image" "$1"
				docker image inspect --format '{{.Size}}' "$1"`, deployment, running[who])
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
		By:     sizes,
	}
}

// pull has a node that has none of the images pull them from the registry.
func (b *bench) pull() compare.Measurement {
	pulls := map[compare.Contender]compare.Turn{}
	for who, image := range running {
		remote := fmt.Sprintf("%s/%s:latest", registry, image)
		pushed := false
		pulls[who] = func() ([]float64, error) {
			if !pushed {
				if _, err := b.script(`docker tag "$0" "$1" && docker push --quiet "$1"`, image, remote); err != nil {
					return nil, err
				}
				pushed = true
			}
			// A namespace of containerd where nothing is kept for Pods.
			seconds, err := took(func() error {
				return b.inOrder([]string{"docker", "exec", node, "ctr", "--namespace", "bench", "images", "pull", "--hosts-dir", "/etc/containerd/certs.d", remote})
			})
			if err != nil {
				return nil, err
			}
			return seconds, b.inOrder([]string{"docker", "exec", node, "ctr", "--namespace", "bench", "images", "rm", "--sync", remote})
		}
	}
	return compare.Measurement{
		Lines:  []compare.Line{{What: "pull of the image by a node", Unit: compare.Seconds}},
		Rounds: 3,
		By:     pulls,
	}
}
