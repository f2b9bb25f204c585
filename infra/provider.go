package main

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
)

// newProvider declares the only way to the cluster. Everything goes through it, so that nothing can land in whatever
// cluster happens to be the current one.
func newProvider(ctx *pulumi.Context, cfg config.Config) (*kubernetes.Provider, error) {
	args := &kubernetes.ProviderArgs{
		Context: pulumi.String(cfg.Context),
		// Without "", $KUBECONFIG would be written into the stack's state. The provider reads the files of $KUBECONFIG, or
		// ~/.kube/config, by itself.
		Kubeconfig: pulumi.String(""),
		// A stack has one cluster, whatever name, credentials or address leads to it. If Pulumi took another name for
		// another cluster, it would replace all objects: create what is already there, then delete it.
		ClusterIdentifier: pulumi.String("cluster"),
		// Update the pull secret for a new password, without a new Secret and a rollout.
		EnableSecretMutable: pulumi.Bool(true),
	}
	if cfg.Kubeconfig != "" {
		args.Kubeconfig = secret(cfg.Kubeconfig)
	}
	return kubernetes.NewProvider(ctx, "cluster", args)
}
