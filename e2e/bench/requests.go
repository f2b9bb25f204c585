//go:build e2e

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"example.com/hello-world/e2e/bench/compare"
)

// requests is how many the server answers, and how fast, through the Ingress from
// this machine, and straight from the node that its Pods run on.
func (b *bench) requests() compare.Measurement {
	of := func(path, selector, namespace string) compare.Turn {
		return func() ([]float64, error) {
			routed, err := attack(ingress + path)
			if err != nil {
				return nil, err
			}
			direct, err := b.attackPod(path, selector, namespace)
			return []float64{routed.PerSecond, routed.P99, direct.PerSecond, direct.P99}, err
		}
	}
	return compare.Measurement{
		Lines: []compare.Line{
			{What: "requests through the Ingress, 16 connections", Unit: compare.PerSecond, Goal: compare.AtLeastTimes(0.95, compare.ByHand)},
			{What: "99 % of them are answered within", Unit: compare.Milliseconds},
			{What: "requests straight to one Pod, 16 connections", Unit: compare.PerSecond, Goal: compare.AtLeastTimes(0.95, compare.ByHand)},
			{What: "99 % of them are answered within", Unit: compare.Milliseconds},
		},
		Rounds: 9,
		By: map[compare.Contender]compare.Turn{
			compare.Ours:   of("/hello", "app=hello", "hello"),
			compare.ByHand: of("/byhand", "app=byhand", "default"),
		},
	}
}

// attackPod attacks a Pod from its node: nothing else leads to it directly.
func (b *bench) attackPod(path, selector, namespace string) (report, error) {
	self, err := os.Executable()
	if err != nil {
		return report{}, err
	}
	ip, err := b.Output("kubectl", "get", "pods", "--namespace", namespace, "--selector", selector, "--output", "jsonpath={.items[0].status.podIP}")
	if err != nil {
		return report{}, err
	}
	said, err := b.script(`docker cp --quiet "$1" "$0:/bench" && docker exec "$0" /bench attack "$2"`, node, self, fmt.Sprintf("http://%s:8080%s", strings.TrimSpace(ip), path))
	if err != nil {
		return report{}, err
	}
	var direct report
	return direct, json.Unmarshal([]byte(said), &direct)
}
