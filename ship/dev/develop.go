package dev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"example.com/hello-world/ship/service"
)

// errNewer ends an update that has become pointless.
var errNewer = errors.New("interrupted by a newer save")

// develop keeps the stack, whose service runs there, up to date with the project's folder until ctx ends.
func develop(ctx context.Context, p project, there service.Service, out io.Writer) error {
	seen, err := p.snapshot(nil)
	if err != nil {
		return err
	}
	c := cycle{project: p, Service: there, out: out}
	c.failed.Store(true) // as the last session's last update may have
	for began, what := time.Now(), "start"; ; {
		running, interrupt := context.WithCancelCause(ctx)
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			c.run(running, began, what)
		}()
		next, saved, err := c.awaitChange(ctx, &seen)
		interrupt(errNewer)
		<-ended
		if err != nil || ctx.Err() != nil {
			return err
		}
		began, what = saved, next
	}
}

// cycle takes one change after another to the cluster.
type cycle struct {
	project
	service.Service
	out    io.Writer
	failed atomic.Bool // the last one did not get there
}

// awaitChange waits until someone saves a change or, after a failure, anything. It returns what changed, and when.
func (c *cycle) awaitChange(ctx context.Context, seen *snapshot) (what string, saved time.Time, err error) {
	for what == "" {
		var now snapshot
		if now, saved, err = c.awaitSave(ctx, *seen); err != nil || ctx.Err() != nil {
			return "", saved, err
		}
		what = strings.Join(changes(*seen, now), ", ")
		if what == "" && c.failed.Load() {
			what = "saved again"
		}
		*seen = now
	}
	return what, saved, nil
}

// run updates the stack because of what changed, and prints a line about it. Then it watches what runs until ctx ends or
// something fails.
func (c *cycle) run(ctx context.Context, began time.Time, what string) {
	refresh := c.failed.Swap(false)
	fmt.Fprintf(c.out, "%s  %s: ", began.Format(time.TimeOnly), what)
	there := &cluster{Service: c.Service}
	before, _ := there.failures(ctx) // otherwise, Pulumi says what is wrong
	told, err := c.up(ctx, refresh)
	var silent error
	var version string
	if err == nil {
		told.Kubeconfig = c.Kubeconfig // which is no output
		if !reflect.DeepEqual(c.Service, told.Service) {
			c.Service, there = told.Service, &cluster{Service: told.Service}
		}
		version, silent = awaitAnswer(ctx, told.Service)
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	took := fmt.Sprintf("%.1f s", time.Since(began).Seconds())
	c.failed.Store(err != nil)
	switch {
	case errors.Is(err, errNewer):
		fmt.Fprintln(c.out, err)
		return
	case ctx.Err() != nil:
		fmt.Fprintln(c.out, "cancelled")
		return
	case err != nil:
		fmt.Fprintf(c.out, "failed after %s, %s\n    %s\n", took, there.remains(ctx), indented(err))
		return
	}

	did := "rolled out in " + took
	if !told.changed {
		did = "no changes, checked in " + took
	}
	switch {
	case silent != nil:
		fmt.Fprintf(c.out, "%s, but the service does not answer: %v\n", did, silent)
	case version == "":
		fmt.Fprintf(c.out, "%s, the service answers\n", did)
	default:
		fmt.Fprintf(c.out, "%s, version %s answers\n", did, version)
	}
	if failure := there.awaitFailure(ctx, before); failure != nil {
		fmt.Fprintf(c.out, "%s  %s\n", time.Now().Format(time.TimeOnly), indented(failure))
	}
}

func indented(err error) string { return strings.ReplaceAll(err.Error(), "\n", "\n    ") }
