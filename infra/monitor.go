package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/monitoring"
	"example.com/hello-world/infra/traefik"
	"example.com/hello-world/infra/webservice"
)

// metrics says who may read the server's metrics, and where.
func metrics(m config.Monitoring) webservice.Metrics {
	if m.From == "" || m.Path == "" {
		return webservice.Metrics{}
	}
	return webservice.Metrics{From: pulumi.String(m.From), Port: m.Port, Path: m.Path, Annotated: m.By == config.ByAnnotations}
}

// controllersMetrics says who may read the Ingress controller's.
func controllersMetrics(m config.Monitoring) *traefik.MetricsFrom {
	if m.From == "" {
		return nil
	}
	return &traefik.MetricsFrom{Namespace: m.From, ByOperator: m.By == config.ByOperator, Labels: m.Labels}
}

// monitor declares what watches the service, if the configuration asks for it.
func (s *stack) monitor(hello *webservice.WebService) error {
	m := s.Config.Monitoring
	if m.From == "" {
		return nil
	}
	of, from := monitoring.Service{Name: app, Namespace: s.Config.Namespace}, s.origins()
	if err := monitoring.DeclareDashboard(s.ctx, hello, of, from...); err != nil || m.By != config.ByOperator {
		return err
	}
	if hello.MetricsPort != "" {
		pods := pulumi.StringMap{"app": pulumi.String(app)}
		if err := monitoring.DeclarePodMonitor(s.ctx, hello, app, m.Labels, pods, hello.MetricsPort, m.Path); err != nil {
			return err
		}
	}
	return monitoring.DeclareRule(s.ctx, hello, m.Labels, of, from...)
}

// origins are where figures about the service come from.
func (s *stack) origins() []monitoring.Origin {
	from := []monitoring.Origin{monitoring.Cluster}
	if s.Config.Monitoring.Path != "" {
		from = append(from, monitoring.Server)
	}
	if s.Config.InstallsIngressController() {
		from = append(from, monitoring.WayIn)
	}
	return from
}
