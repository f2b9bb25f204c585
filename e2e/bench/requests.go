//go:build e2e

package main

import (
	"encoding/json"
	"os"
	"strings"

	"example.com/hello-world/e2e/bench/compare"
)

// requests are those that the server answers, and those of a bare handler: straight from the node that its Pods run on,
// as many as it can, and through the Ingress from this machine, as many as leave the machine some rest.
func (b *bench) requests() compare.Measurement {
	of := func(namespace string) compare.Turn {
		return func() ([]float64, error) {
			pod, err := b.attackPod(namespace)
			if err != nil {
				return nil, err
			}
			through, err := attack(ingress+"/"+namespace, routed)
			return []float64{pod.UserTime, pod.PerSecond, through.P99}, err
		}
	}
	return compare.Measurement{
		Lines: []compare.Line{
			{What: "a request straight to a Pod: user CPU time", Unit: compare.Microseconds, Goal: compare.AtMostTimes(1.02, compare.Floor)},
			{What: "as many as it can answer, on 16 connections", Unit: compare.PerSecond},
			{What: "through the Ingress, 500 /s: 99 % are answered within", Unit: compare.Milliseconds, Goal: compare.AtMostTimes(1.2, compare.Floor)},
		},
		Rounds: 24,
		By:     map[compare.Contender]compare.Turn{compare.Ours: of(ours), compare.Floor: of(byHand)},
	}
}

// attackPod attacks a Pod from its node: nothing else leads to it directly, and its process is there.
func (b *bench) attackPod(namespace string) (report, error) {
	self, err := os.Executable()
	if err != nil {
		return report{}, err
	}
	said, err := b.script(`read -r ip container < <(kubectl get pods --namespace "$0" --output jsonpath='{.items[0].status.podIP} {.items[0].status.containerStatuses[0].containerID}{"\n"}')
		docker cp --quiet "$2" "$1:/bench"
		docker exec "$1" bash -euc '
			process=$(ctr --namespace k8s.io tasks list | awk -v id="$1" "\$1 == id { print \$2 }")
			exec /bench attack "$0" "$process"' "http://$ip:8080/$0" "${container#containerd://}"`, namespace, node, self)
	if err != nil {
		return report{}, err
	}
	var pod report
	return pod, json.NewDecoder(strings.NewReader(said)).Decode(&pod)
}
