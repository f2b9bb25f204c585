package main

import (
	"net/url"
	"time"

	"al.essio.dev/pkg/shellescape"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/headlamp"
	"example.com/hello-world/infra/internal/route"
)

// installDashboard installs the dashboard, if it is configured, beside the service: at the same address, behind the same
// controller and with the same sort of certificate.
func (s *stack) installDashboard(in wayIn, serviceURL pulumi.StringOutput) error {
	cfg := s.Config
	if !cfg.Dashboard {
		return nil
	}
	var joined *route.Gateway
	if in.gateway != nil {
		joined = &in.gateway.Gateway
	}
	shown, err := headlamp.New(s.ctx, &headlamp.Args{
		Image:              s.Images.Pinned(headlamp.Image),
		Path:               config.DashboardPath,
		State:              s.State,
		Host:               optional(cfg.Host),
		Gateway:            joined,
		IngressClass:       in.class,
		IngressAnnotations: texts(cfg, "ingressAnnotations", cfg.IngressAnnotations),
		IngressFrom:        in.from,
		TLSSecret:          optional(cfg.TLSSecret),
		ClusterIssuer:      optional(cfg.ClusterIssuer),
		AddressTimeout:     time.Duration(cfg.AddressTimeout) * time.Second,
	}, s.provider)
	if err != nil {
		return err
	}
	s.namespaces[headlamp.Namespace] = shown.NamespaceUID
	s.ctx.Export("dashboardUrl", pulumi.All(serviceURL, shown.Path).ApplyT(func(all []any) (string, error) {
		return atPath(all[0].(string), all[1].(string)+"/") // without the slash Headlamp answers 404
	}))
	s.ctx.Export("dashboardToken", pulumi.Sprintf("kubectl create token %s --namespace %s --context %s",
		headlamp.Viewer, shown.Namespace, shellescape.Quote(cfg.Context)))
	return nil
}

// atPath returns a URL with another path.
func atPath(address, path string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	parsed.Path = path
	return parsed.String(), nil
}
