//go:build e2e

// Command bench measures this project against what people do otherwise, side by
// side on the same cluster in the same run. It has a cluster of its own, which it
// removes, and works in a copy of the project. `make bench` runs it:
//
//	bench KO    KO is the ko command to compare with
//
// What it measured goes to docs/benchmark.md and docs/benchmark.svg, and into the
// README.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"example.com/hello-world/e2e/bench/compare"
)

// limit bounds the whole run.
const limit = 30 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("the run has taken %s: the machine is too busy", limit))
	defer cancel()

	var err error
	switch {
	case len(os.Args) == 3 && os.Args[1] == "attack":
		err = attackAndPrint(os.Args[2])
	case len(os.Args) == 2:
		err = run(ctx, os.Args[1])
	default:
		fmt.Fprintln(os.Stderr, "usage: bench KO")
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, ko string) (err error) {
	started := time.Now()
	b, err := newBench(".", ko)
	if err != nil {
		return err
	}
	defer b.cleanUp()

	var rows []compare.Row
	measure := func(measurements ...compare.Measurement) {
		for _, m := range measurements {
			if err == nil {
				var measured []compare.Row
				measured, err = m.Measure(ctx, os.Stdout)
				rows = append(rows, measured...)
			}
		}
	}
	if err := b.deploy(); err != nil {
		return err
	}
	measure(b.nothingToDo(), b.scale(), b.edit(), b.save(), b.imageSize(), b.memory(), b.requests())
	if err != nil {
		return err
	}
	// A node that has none of the images yet, and room for 50 Pods.
	if err := b.freshCluster(2); err != nil {
		return err
	}
	measure(b.pull(), b.growth())
	b.down()
	measure(b.cluster(), b.makeUp())
	if err != nil {
		return err
	}
	return compare.Publish(b.root, rows, time.Since(started))
}
