// Package preflight looks at all that can be wrong before the program builds, pushes or declares anything: the configuration,
// the cluster, what the stack claims there, and the images that others publish.
package preflight

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/kubeconfig"
)

// Cleared is what a stack may deploy.
type Cleared struct {
	Config  config.Config
	Cluster *kubeconfig.Connection
	State   pulumi.StringOutput // the id of the stack's state, as [namespace.State] gives it
	Images  Images
	Given   bool     // the service's namespace was given, and is not the stack's
	Former  []string // the API's paths of the ways in that the service leaves behind when it moves to another namespace

	Gateway     *Gateway // the one that the configuration names; nil means an Ingress
	HasGateways bool     // the cluster has Gateway API
	Replaces    bool     // an Ingress takes the place of an HTTPRoute, or the other way round
}

// Check looks at all of it, for a service of that name. The error is for the user, and says what to type.
func Check(ctx *pulumi.Context, source config.Source, service string) (*Cleared, error) {
	cfg, err := config.Load(source)
	if err != nil {
		return nil, err
	}
	if err := warn(ctx, cfg, source); err != nil {
		return nil, err
	}
	if cfg, err = withKubeconfig(ctx, cfg, source); err != nil {
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
	look := look{ctx: ctx, cfg: cfg, cluster: cluster, service: service, state: id}
	found, err := look.claims()
	if err != nil {
		return nil, err
	}
	if err := look.storage(); err != nil {
		return nil, err
	}
	if err := look.monitoring(); err != nil {
		return nil, err
	}
	if err := look.warnOfMissing(); err != nil {
		return nil, err
	}
	images, err := findImages(ctx.Context(), cfg)
	if err != nil {
		return nil, err
	}
	if err := look.takeOver(found.unclaimed); err != nil {
		return nil, err
	}
	return &Cleared{
		Config: cfg, Cluster: cluster, State: state, Images: images, Given: found.given, Former: found.former,
		Gateway: found.gateway, HasGateways: found.gateways, Replaces: found.replaces,
	}, nil
}

func warn(ctx *pulumi.Context, cfg config.Config, source config.Source) error {
	for _, warning := range []string{source.Warning(), cfg.Warning()} {
		if warning == "" {
			continue
		}
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return err
		}
	}
	if cfg.MetricsArePublic() {
		warning := "monitoring: everybody can read " + cfg.Monitoring.Path + ", because it is on the port to which clients are led: serve it on a port " +
			"of its own, and name that in monitoring"
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return err
		}
	}
	if cfg.Hold != "" {
		return ctx.Log.Warn("held at "+cfg.Hold+": `make forward` goes back to what the stack says", nil)
	}
	return nil
}
