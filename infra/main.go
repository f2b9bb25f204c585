// Command infra is the Pulumi program: `pulumi up` in the project runs it.
package main

import (
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/kubeconfig"
)

func main() {
	var source config.Source
	pulumi.Run(func(ctx *pulumi.Context) error {
		cfg, cluster, err := prepare(ctx, source)
		if err != nil {
			fail(ctx, err)
		}
		state, err := namespace.State(ctx)
		if err != nil {
			return err
		}
		if err := checkNamespaces(ctx, cfg, state, cluster); err != nil {
			fail(ctx, err)
		}
		images, err := pin(ctx.Context(), cfg)
		if err != nil {
			fail(ctx, err)
		}
		namespaces := uids{}
		if err := deploy(ctx, cfg, state, images, namespaces); err != nil {
			return err
		}
		namespaces.confirm(ctx, cluster)
		return nil
	}, source.Capture)
}

// fail ends the program with an error that is for people. Were it returned, pulumi.Run would call it an unhandled one,
// and clear the stack's outputs.
func fail(ctx *pulumi.Context, err error) {
	if ctx.Log.Error(err.Error(), nil) != nil {
		os.Stderr.WriteString(err.Error() + "\n")
	}
	os.Exit(constant.ExitStatusLoggedError)
}

// prepare finds out what can be wrong before anything is built, pushed or declared.
func prepare(ctx *pulumi.Context, source config.Source) (config.Config, *kubeconfig.Connection, error) {
	cfg, err := config.Load(source)
	if err != nil {
		return cfg, nil, err
	}
	if warning := source.Warning(); warning != "" {
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return cfg, nil, err
		}
	}
	if cfg, err = kubeconfigOfStack(ctx, cfg, source); err != nil {
		return cfg, nil, err
	}
	cluster, err := reach(ctx, cfg)
	return cfg, cluster, err
}

// deploy declares everything: this is the architecture. It notes the namespaces that it declares.
func deploy(ctx *pulumi.Context, cfg config.Config, state pulumi.IDOutput, images pins, namespaces uids) error {
	cluster, err := connect(ctx, cfg)
	if err != nil {
		return err
	}
	image, err := buildImage(ctx, cfg, state)
	if err != nil {
		return err
	}
	ingress, err := ingressController(ctx, cfg, state, images, namespaces, pulumi.Providers(cluster))
	if err != nil {
		return err
	}
	hello, err := helloService(ctx, cfg, state, image, ingress, pulumi.Providers(cluster))
	if err != nil {
		return err
	}
	namespaces[cfg.Namespace] = hello.NamespaceUID
	if err := dashboard(ctx, cfg, state, images, ingress, hello.URL, namespaces, pulumi.Providers(cluster)); err != nil {
		return err
	}
	if err := guard(ctx, state, hello.Namespace, namespaces, pulumi.Provider(cluster)); err != nil {
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
