// Command infra is the Pulumi program: `pulumi up` in the project runs it.
package main

import (
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
)

func main() {
	var source config.Source
	pulumi.Run(func(ctx *pulumi.Context) error {
		cfg, err := prepare(ctx, source)
		if err != nil {
			// Not returned: pulumi.Run would call it an unhandled error, and clear the stack's outputs.
			if ctx.Log.Error(err.Error(), nil) != nil {
				os.Stderr.WriteString(err.Error() + "\n")
			}
			os.Exit(constant.ExitStatusLoggedError)
		}
		return deploy(ctx, cfg)
	}, source.Capture)
}

// prepare finds out all that can be wrong before anything is built, pushed or declared.
func prepare(ctx *pulumi.Context, source config.Source) (config.Config, error) {
	cfg, err := config.Load(source)
	if err != nil {
		return cfg, err
	}
	if cfg, err = kubeconfigOfStack(ctx, cfg, source); err != nil {
		return cfg, err
	}
	cluster, err := reach(ctx, cfg)
	if err != nil {
		return cfg, err
	}
	return cfg, checkNamespaces(ctx, cfg, cluster)
}

// deploy declares everything: this is the architecture.
func deploy(ctx *pulumi.Context, cfg config.Config) error {
	cluster, err := connect(ctx, cfg)
	if err != nil {
		return err
	}
	image, err := buildImage(ctx, cfg)
	if err != nil {
		return err
	}
	ingress, err := ingressController(ctx, cfg, pulumi.Providers(cluster))
	if err != nil {
		return err
	}
	hello, err := helloService(ctx, cfg, image, ingress, pulumi.Providers(cluster))
	if err != nil {
		return err
	}
	if err := dashboard(ctx, cfg, ingress, hello.URL, pulumi.Providers(cluster)); err != nil {
		return err
	}

	ctx.Export("url", hello.URL)
	ctx.Export("image", hello.Image)
	ctx.Export("replicas", hello.Replicas)
	ctx.Export("namespace", hello.Namespace)
	ctx.Export("serviceAddress", hello.ServiceAddress)
	ctx.Export("try", hello.Try)
	ctx.Export("context", pulumi.String(cfg.Context))
	return nil
}
