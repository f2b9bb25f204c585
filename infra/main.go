// Command infra is the Pulumi program: `pulumi up` in the project runs it.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/preflight"
)

func main() {
	run(func(ctx *pulumi.Context, source config.Source) error {
		cleared, err := preflight.Check(ctx, source, app)
		if err != nil {
			fail(ctx, err, nil)
		}
		return deploy(ctx, cleared)
	})
}
