// Package top shows a service to somebody who is on call: its requests, its Pods and what happened last. All of it comes
// through the cluster's API.
package top

import (
	"context"
	"io"
	"strings"
	"time"

	"example.com/hello-world/ship/service"
	"example.com/hello-world/supplier/progress"
)

// pause is the time from one look to the next.
const pause = 2 * time.Second

// Run shows a service, on a terminal again and again until ctx ends or somebody presses Ctrl-C or q, elsewhere once.
func Run(ctx context.Context, s service.Service, to progress.Printer) error {
	cluster, err := s.Reach(ctx)
	if err != nil {
		return err
	}
	w := &watch{Service: s, cluster: cluster}
	next := time.NewTicker(pause)
	defer next.Stop()
	seen := w.look(ctx)
	if seen.wrong != nil {
		return seen.wrong
	}
	if !to.Terminal {
		// Most figures are about the time between two looks.
		if await(ctx, next.C) {
			seen = w.look(ctx)
		}
		_, err := io.WriteString(to.Out, strings.Join(seen.lines(to.Style, 0, 0), "\n")+"\n")
		return err
	}
	ctx, leave, err := enterScreen(ctx)
	if err != nil {
		return err
	}
	defer leave()
	draw(to, seen)
	for await(ctx, next.C) {
		if seen := w.look(ctx); ctx.Err() == nil {
			draw(to, seen)
		}
	}
	return nil
}

// await waits until the next look, and reports whether there is one.
func await(ctx context.Context, next <-chan time.Time) bool {
	select {
	case <-ctx.Done():
		return false
	case <-next:
		return true
	}
}
