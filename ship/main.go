// Command ship takes a Go HTTP server from source to a Kubernetes service, and looks after it: `ship --help` lists what it can
// do.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"example.com/hello-world/ship/commands"
	"example.com/hello-world/ship/pulumi"
	"example.com/hello-world/supplier/progress"
)

func main() {
	ctx, end := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() { end(pulumi.Signal{Signal: <-signals}) }()
	err := commands.Root().ExecuteContext(ctx)
	var said commands.Said
	switch {
	case err == nil:
	case context.Cause(ctx) != nil:
		os.Exit(130)
	case errors.As(err, &said), errors.Is(err, pulumi.ErrShown):
		os.Exit(1)
	default:
		fmt.Fprintln(os.Stderr, progress.StyleOf(os.Stderr).Error(err))
		os.Exit(1)
	}
}
