package preflight

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/kubeconfig"
)

// withKubeconfig adds the kubeconfig that another stack made, if one is configured. From then on it counts as part of
// the configuration.
func withKubeconfig(ctx *pulumi.Context, cfg config.Config, source config.Source) (config.Config, error) {
	from := cfg.ClusterStack
	if from.Stack == "" {
		return cfg, nil
	}
	stack, err := pulumi.NewStackReference(ctx, from.Stack, nil)
	if err != nil {
		return cfg, err
	}
	output, err := stack.GetOutputDetails(from.Name)
	if err != nil {
		return cfg, config.Refuse("clusterStack", "is %q, but its outputs cannot be read: %v", from.Stack, err)
	}
	value, encrypted := output.SecretValue, true
	if value == nil {
		value, encrypted = output.Value, false
	}
	if value == nil {
		return cfg, config.Refuse("clusterStack", "is %q, which has no output %q", from.Stack, from.Name)
	}
	contents, ok := value.(string)
	if !ok { // an object, which some packages make of it
		text, err := json.Marshal(value)
		if err != nil {
			return cfg, config.Refuse("clusterStack", "is %q, whose output %q is not text", from.Stack, from.Name)
		}
		contents = string(text)
	}
	return cfg.WithKubeconfig(source, config.Secret(contents), encrypted)
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

// unlessForbidden returns err, or nil if these credentials may not look: the check is then skipped.
func unlessForbidden(err error) error {
	if errors.Is(err, kubeconfig.ErrForbidden) {
		return nil
	}
	return err
}

func unusable(cfg config.Config, err error) error {
	return fmt.Errorf("nothing was changed: the cluster of context %q cannot be used: %w", cfg.Context, err)
}
