// Package dev rolls out every change that you save. After each change to the server or the Pulumi program it runs `pulumi up`,
// and says in one line what changed, how long that took and which version answers now: no answer of another version follows. A
// newer save ends an update under way. If a Pod fails, it shows its last words; if the update does, what the tools said.
package dev

import (
	"context"
	"errors"
	"fmt"
	"io"

	"example.com/hello-world/ship/checkout"
	"example.com/hello-world/ship/service"
)

// Run rolls out changes to a stack, which runs the service, until ctx ends. An update under way is then cancelled first.
func Run(ctx context.Context, c checkout.Checkout, stack string, runs service.Service, out io.Writer) error {
	err := develop(ctx, project{folder: c.Root, stack: stack}, runs, out)
	if err != nil && !errors.Is(err, context.Cause(ctx)) {
		return err
	}
	fmt.Fprintf(out, "Pods drain for %s s until the next `pulumi up`, unless drainTime is set\n", drainTime)
	return nil
}
