// Command infra is the Pulumi program: `pulumi up` in the project runs it.
package main

import (
	"os"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/namespace"
)

func main() {
	var source config.Source
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		s, err := prepare(ctx, source)
		if err != nil {
			fail(ctx, err, nil)
		}
		return s.deploy()
	}, capture(&source))
	if err == nil {
		return
	}
	// The engine reports a failed resource itself, and then accepts no further ones.
	if !strings.Contains(err.Error(), "resource monitor shut down") {
		os.Stderr.WriteString(err.Error() + "\n")
	}
	os.Exit(constant.ExitStatusLoggedError)
}

// capture fills in the source. A pulumi.Context can look up a key but not list them all, and only the list shows a misspelt one.
func capture(source *config.Source) pulumi.RunOption {
	return func(info *pulumi.RunInfo) {
		*source = config.SourceOf(info.Project, info.Stack, info.RootDirectory, info.Config, info.ConfigSecretKeys)
	}
}

// fail ends the program with an error for the user, about a resource or nil. If the program returned it, the stack's outputs
// would be cleared.
func fail(ctx *pulumi.Context, err error, about *pulumi.LogArgs) {
	if ctx.Log.Error(err.Error(), about) != nil {
		os.Stderr.WriteString(err.Error() + "\n")
	}
	os.Exit(constant.ExitStatusLoggedError)
}

// prepare checks everything that can be wrong before it builds, pushes or declares anything.
func prepare(ctx *pulumi.Context, source config.Source) (*stack, error) {
	cfg, err := config.Load(source)
	if err != nil {
		return nil, err
	}
	if warning := source.Warning(); warning != "" {
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return nil, err
		}
	}
	if cfg.Hold != "" {
		if err := ctx.Log.Warn("held at "+cfg.Hold+": `make forward` goes back to what the stack says", nil); err != nil {
			return nil, err
		}
	}
	if cfg, err = kubeconfigOfStack(ctx, cfg, source); err != nil {
		return nil, err
	}
	cluster, err := reach(ctx, cfg)
	if err != nil {
		return nil, err
	}
	state, id, err := namespace.State(ctx)
	if err != nil {
		return nil, err
	}
	given, err := checkGiven(ctx, cfg, id, cluster)
	if err != nil {
		return nil, err
	}
	unclaimed, leaving, err := checkNamespaces(ctx, cfg, id, cluster)
	if err == nil {
		err = checkObjects(ctx, cfg, cluster)
	}
	if err == nil {
		err = checkRoutes(ctx, cfg, id, cluster)
	}
	if err == nil {
		err = refuseLeaving(ctx, cfg, cluster, leaving)
	}
	if err != nil {
		return nil, err
	}
	images, err := pin(ctx.Context(), cfg)
	if err != nil {
		return nil, err
	}
	return &stack{ctx: ctx, cfg: cfg, cluster: cluster, state: state, id: id, images: images, given: given, unclaimed: unclaimed}, nil
}
