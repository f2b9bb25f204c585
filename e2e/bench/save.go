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

// save is an edit while `make dev` watches.
func (b *bench) save() compare.Measurement {
	return compare.Measurement{
		Lines:  []compare.Line{{What: "a save while `make dev` watches, 3 replicas", Unit: compare.Seconds}},
		Rounds: 3,
		By:     map[compare.Contender]compare.Turn{compare.Ours: b.saved},
	}
}

func (b *bench) saved() ([]float64, error) {
	cmd := b.Command(context.Background(), "scripts/dev.sh", stack)
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
	return took(func() error {
		if err := b.editServer(); err != nil {
			return err
		}
		return next()
	})
}
