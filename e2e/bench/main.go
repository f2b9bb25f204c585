//go:build e2e

// Command bench measures this project against what people do otherwise, and against the floor, side by side on the same cluster
// in the same run. It has a cluster of its own, which it removes, and works in a copy of the project. `make bench` runs it:
//
//	bench
//
// What it measured goes to docs/benchmark.md.
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
	case len(os.Args) == 4 && os.Args[1] == "attack": // on a node
		err = attackProcess(os.Args[2], os.Args[3])
	case len(os.Args) == 1:
		err = run(ctx)
	default:
		fmt.Fprintln(os.Stderr, "usage: bench")
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	started := time.Now()
	b, err := newBench(".")
	if err != nil {
		return err
	}
	defer b.cleanUp()
	if err := b.down(); err != nil { // what an interrupted run left
		return err
	}

	measurements := []compare.Measurement{
		b.makeUp(), b.nothingToDo(), b.scale(), b.edit(), b.imageSize(), b.memory(), b.requests(),
	}
	var rows []compare.Row
	for i, m := range measurements {
		if i == 1 {
			fmt.Println("what the service is compared with: deploying it beside the service")
			if err := b.deployOthers(); err != nil {
				return err
			}
		}
		fmt.Printf("%d of %d, after %s\n", i+1, len(measurements), time.Since(started).Round(time.Second))
		measured, err := m.Measure(ctx, os.Stdout)
		if err != nil {
			return err
		}
		rows = append(rows, measured...)
	}
	return compare.Publish(b.root, rows, time.Since(started))
}
