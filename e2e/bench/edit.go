//go:build e2e

package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"

	"example.com/hello-world/e2e/bench/compare"
)

// edit changes the server, which takes no time here, and ships it to 3 replicas.
func (b *bench) edit() compare.Measurement {
	up := b.turn(b.editServer, b.up(), b.up("--skip-preview"))
	return compare.Measurement{
		Lines: []compare.Line{
			{What: "an edit of the server, on 3 replicas", Unit: compare.Seconds, Goal: compare.AtMostTimes(1.25, compare.Floor).And(compare.AtMostTimes(1, compare.Ko))},
			{What: "an edit, without preview", Unit: compare.Seconds, Goal: compare.AtMostTimes(1.25, compare.Floor)},
			{What: "a save while `make dev` watches", Unit: compare.Seconds, Goal: compare.AtMostTimes(1.25, compare.Floor)},
		},
		Rounds: 5,
		By: map[compare.Contender]compare.Turn{
			compare.Ours: func() ([]float64, error) {
				figures, err := up()
				if err != nil {
					return nil, err
				}
				saved, err := b.save()
				return append(figures, saved...), err
			},
			compare.Floor: func() ([]float64, error) {
				withPreview, without, alone, err := b.onEmpty(b.editServer, b.rollsOut(floor, b.buildLayer))
				return []float64{withPreview, without, alone}, err
			},
			compare.Ko:   b.turn(b.editServer, b.rollsOut(ko, b.buildByKo)),
			compare.Helm: b.turn(b.editServer, b.rollOutByHelm),
		},
		Once: map[compare.Contender]compare.Turn{compare.ByHand: b.turn(b.editByHand, b.rollsOut(byHand, b.buildByHand))},
	}
}

// save is an edit while `make dev` watches.
func (b *bench) save() ([]float64, error) {
	cmd := b.Command(context.Background(), "bin/ship", "dev", "--stack", stack)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	defer cmd.Wait()
	defer cmd.Process.Signal(syscall.SIGTERM)
	lines := bufio.NewScanner(out)
	next := func() error { // the next line, of a service that answers
		if !lines.Scan() || !strings.Contains(lines.Text(), "answers") {
			return fmt.Errorf("make dev says %q", lines.Text())
		}
		return nil
	}
	if err := next(); err != nil {
		return nil, err
	}
	return b.turn(nothing, func() error {
		if err := b.editServer(); err != nil {
			return err
		}
		return next()
	})()
}
