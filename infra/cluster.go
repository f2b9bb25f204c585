package main

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/kubeconfig"
)

// kubeconfigOfStack reads the kubeconfig that another stack made, if one is configured. From then on it is as if it
// stood in the configuration.
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
		return cfg, refused("clusterStack", "is %q, whose outputs cannot be read: %v", cfg.ClusterStack, err)
	}
	value, encrypted := output.SecretValue, true
	if value == nil {
		value, encrypted = output.Value, false
	}
	if value == nil {
		return cfg, refused("clusterOutput", "is %q, which is not an output of stack %q", cfg.ClusterOutput, cfg.ClusterStack)
	}
	contents, ok := value.(string)
	if !ok { // an object, as some packages make them
		text, err := json.Marshal(value)
		if err != nil {
			return cfg, refused("clusterOutput", "is %q, which is not text", cfg.ClusterOutput)
		}
		contents = string(text)
	}
	if parsed, err := kubeconfig.Parse(contents); err == nil && parsed.HoldsCredentials() && !encrypted {
		return cfg, refused("clusterOutput", "is %q, which holds credentials in plain text: stack %q has to export it with "+
			"pulumi.ToSecret", cfg.ClusterOutput, cfg.ClusterStack)
	}
	return cfg.WithKubeconfig(source, config.Secret(contents))
}

func refused(key, format string, args ...any) error {
	return config.Mistakes{{Key: key, Problem: fmt.Sprintf(format, args...)}}
}

// reach asks the cluster whether it is there. The provider would find out only when the image is already built and
// pushed, and a preview would not tell.
func reach(ctx *pulumi.Context, cfg config.Config) (*kubeconfig.Connection, error) {
	all, err := cfg.ReadKubeconfig()
	if err != nil {
		return nil, unusable(cfg, err)
	}
	connection, err := all.Reach(ctx.Context(), cfg.Context)
	if err != nil {
		return nil, unusable(cfg, err)
	}
	return connection, nil
}

func unusable(cfg config.Config, err error) error {
	return fmt.Errorf("nothing was changed, the cluster of context %q cannot be used: %w", cfg.Context, err)
}

// newProvider declares the one way to the cluster. Everything goes through it, so that nothing can land in whatever
// cluster happens to be the current one.
func newProvider(ctx *pulumi.Context, cfg config.Config) (*kubernetes.Provider, error) {
	args := &kubernetes.ProviderArgs{
		Context: pulumi.String(cfg.Context),
		// "" rather than nothing: nothing would write $KUBECONFIG into the stack's state. The provider reads the files
		// of $KUBECONFIG, or ~/.kube/config, by itself.
		Kubeconfig: pulumi.String(""),
		// A stack has one cluster, by whatever name, credentials or address it is reached. If it took another name for
		// another cluster, Pulumi would replace all objects: make those that are there already, then delete them.
		ClusterIdentifier: pulumi.String("cluster"),
		// A new password is an update of the pull secret, not a new secret and a rollout.
		EnableSecretMutable: pulumi.Bool(true),
	}
	if cfg.Kubeconfig != "" {
		args.Kubeconfig = secret(cfg.Kubeconfig)
	}
	return kubernetes.NewProvider(ctx, "cluster", args)
}
