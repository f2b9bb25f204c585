// Command dev rolls out every change that you save: `make dev` runs it. After each change to the server or the Pulumi
// program it runs `pulumi up`, and says in one line what changed, how long that took and which version answers now.
// If that fails, the previous version keeps running, and dev shows what the tools said.
//
//	dev STACK
//
// It runs in the project's folder and ends at SIGINT or SIGTERM, after Pulumi has cancelled an update under way.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: dev STACK")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := develop(ctx, project{folder: ".", stack: os.Args[1]}, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
