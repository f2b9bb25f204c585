package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/kubeconfig"
)

// kubeconfigOfStack reads the kubeconfig that another stack made, if one is configured. From then on it counts as part of
// the configuration.
func kubeconfigOfStack(ctx *pulumi.Context, cfg config.Config, source config.Source) (config.Config, error) {
	if cfg.ClusterStack == "" {
		return cfg, nil
	}
	stack, err := pulumi.NewStackReference(ctx, cfg.ClusterStack, nil)
	if err != nil {
		return cfg, err
	}
	output, err := stack.GetOutputDetails(cfg.ClusterOutput)
	if err != nil {
		return cfg, refused("clusterStack", "is %q, but its outputs cannot be read: %v", cfg.ClusterStack, err)
	}
	value, encrypted := output.SecretValue, true
	if value == nil {
		value, encrypted = output.Value, false
	}
	if value == nil {
		return cfg, refused("clusterOutput", "is %q, which is not an output of stack %q", cfg.ClusterOutput, cfg.ClusterStack)
	}
	contents, ok := value.(string)
	if !ok { // an object, which some packages make of it
		text, err := json.Marshal(value)
		if err != nil {
			return cfg, refused("clusterOutput", "is %q, which is not text", cfg.ClusterOutput)
		}
		contents = string(text)
	}
	return cfg.WithKubeconfig(source, config.Secret(contents), encrypted)
}

func refused(key, format string, args ...any) error {
	return config.Mistakes{{Key: key, Problem: fmt.Sprintf(format, args...)}}
}

// reach connects to the cluster. The provider would report a problem only after the image is built and pushed, and not at
// all in a preview.
func reach(ctx *pulumi.Context, cfg config.Config) (*kubeconfig.Connection, error) {
	connection, err := cfg.Contexts.Reach(ctx.Context(), cfg.Context)
	if err != nil {
		return nil, unusable(cfg, err)
	}
	return connection, nil
}

// unlessHidden returns err, or nil if these credentials may not look: the stack then goes without the look.
func unlessHidden(err error) error {
	if errors.Is(err, kubeconfig.ErrHidden) {
		return nil
	}
	return err
}

func unusable(cfg config.Config, err error) error {
	return fmt.Errorf("nothing was changed, the cluster of context %q cannot be used: %w", cfg.Context, err)
}

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
