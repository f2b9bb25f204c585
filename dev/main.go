// Command dev rolls out every change that you save: `make dev` runs it. After each change to the server or the Pulumi
// program it runs `pulumi up`, and says in one line what changed, how long that took and which version answers now: no
// answer of another version follows. A newer save ends an update under way. If a Pod fails, dev shows its last words; if the
// update does, what the tools said.
//
//	dev STACK CONTEXT NAMESPACE APP
//
// The last three are the stack's outputs. If $DEV_KUBECONFIG has the contents of a kubeconfig, it reads no other. It runs in
// the project's folder and ends at SIGINT or SIGTERM, after Pulumi has cancelled an update under way.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: dev STACK CONTEXT NAMESPACE APP")
		os.Exit(2)
	}
	there := service{context: os.Args[2], namespace: os.Args[3], app: os.Args[4]}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := develop(ctx, project{folder: ".", stack: os.Args[1]}, there, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	fmt.Printf("Pods drain for %s s until the next `pulumi up`, unless drainTime is set\n", drainTime)
}
