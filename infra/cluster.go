package main

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
)

// connect declares the one way to the cluster. Everything goes through it, so that nothing can land in whatever
// cluster happens to be the current one.
func connect(ctx *pulumi.Context, cfg config.Config) (*kubernetes.Provider, error) {
	args := &kubernetes.ProviderArgs{
		Context: pulumi.String(cfg.Context),
		// "" rather than nothing: nothing would write $KUBECONFIG into the stack's state. The provider reads the files
		// of $KUBECONFIG, or ~/.kube/config, by itself.
		Kubeconfig: pulumi.String(""),
		// Another context is another cluster, and only that: new credentials for the same one replace no resource.
		ClusterIdentifier: pulumi.String(cfg.Context),
		// A cluster that does not answer has not lost its resources.
		DeleteUnreachable: pulumi.Bool(false),
		// A new password is an update of the pull secret, not a new secret and a rollout.
		EnableSecretMutable: pulumi.Bool(true),
	}
	if cfg.Kubeconfig != "" {
		args.Kubeconfig = secret(cfg.Kubeconfig)
	}
	return kubernetes.NewProvider(ctx, "cluster", args)
}

// secret hands a secret of the configuration to Pulumi, which keeps it one.
func secret(value config.Secret) pulumi.StringOutput {
	return pulumi.ToSecret(pulumi.String(value)).(pulumi.StringOutput)
}
