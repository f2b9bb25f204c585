package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

// develop keeps the stack up to date with the project's folder until ctx ends.
func develop(ctx context.Context, p project, out io.Writer) error {
	seen, err := p.snapshot(nil)
	if err != nil {
		return err
	}
	c := cycle{project: p, out: out, versions: map[string]string{}}
	for began, what := time.Now(), "start"; ; {
		failed := c.run(ctx, began, what)
		for what = ""; what == ""; {
			var now snapshot
			if now, began, err = p.awaitSave(ctx, seen); err != nil || ctx.Err() != nil {
				return err
			}
			what = strings.Join(changes(seen, now), ", ")
			if what == "" && failed {
				what = "saved again"
			}
			seen = now
		}
	}
}

// cycle takes one change after another to the cluster.
type cycle struct {
	project
	out      io.Writer
	versions map[string]string // that the images report which were rolled out
}

// run updates the stack because of what changed, and prints a line about it. It reports whether that failed.
func (c *cycle) run(ctx context.Context, began time.Time, what string) (failed bool) {
	fmt.Fprintf(c.out, "%s  %s: ", began.Format(time.TimeOnly), what)
	told, err := c.up(ctx)
	took := func() string { return fmt.Sprintf("%.1f s", time.Since(began).Seconds()) }
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(c.out, "cancelled")
		return true
	case err != nil:
		fmt.Fprintf(c.out, "failed after %s, the previous version keeps running\n    %s\n", took(), strings.ReplaceAll(err.Error(), "\n", "\n    "))
		return true
	}

	who, err := c.askFor(ctx, told)
	c.versions[told.image] = who.Version
	did := "rolled out in "
	if !told.changed {
		did = "no changes, checked in "
	}
	switch {
	case err != nil:
		fmt.Fprintf(c.out, "%s%s, but the service does not answer: %v\n", did, took(), err)
	case who.Version == "":
		fmt.Fprintf(c.out, "%s%s, the service answers\n", did, took())
	default:
		fmt.Fprintf(c.out, "%s%s, version %s answers\n", did, took(), who.Version)
	}
	return false
}
