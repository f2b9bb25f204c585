//go:build e2e

package main

import (
	"os"
	"path/filepath"

	"example.com/hello-world/e2e/bench/compare"
)

func (b *bench) nothingToDo() compare.Measurement {
	return compare.Measurement{
		Lines: []compare.Line{
			{What: "nothing to do", Unit: compare.Seconds, Goal: compare.AtMostTimes(2, compare.Floor)},
			{What: "nothing to do, without preview", Unit: compare.Seconds, Goal: compare.AtMostTimes(1.5, compare.Floor)},
		},
		Rounds: 7,
		By: map[compare.Contender]compare.Turn{
			compare.Ours:   b.turn(nothing, b.up(), b.up("--skip-preview")),
			compare.Floor:  b.turn(nothing, b.upEmpty(), b.upEmpty("--skip-preview")),
			compare.Helm:   b.turn(nothing, b.upgrades("")),
			compare.ByHand: b.turn(nothing, b.scripted("kubectl apply --filename byhand.yaml")),
		},
		Once: map[compare.Contender]compare.Turn{compare.Plain: b.turn(b.scripted("go build ./infra/..."), b.upPlainly)},
	}
}

// upPlainly is `pulumi up` with Pulumi's default options for Go.
func (b *bench) upPlainly() error {
	project := filepath.Join(b.Dir, "Pulumi.yaml")
	ours, err := os.ReadFile(project)
	if err != nil {
		return err
	}
	defer os.WriteFile(project, ours, 0o644)
	if err := os.WriteFile(project, []byte("name: hello-world\nruntime: go\nmain: infra\n"), 0o644); err != nil {
		return err
	}
	return b.up()()
}
