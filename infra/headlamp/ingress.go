package headlamp

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/object"
	"example.com/hello-world/infra/internal/route"
)

func (p *parts) declareIngress(service *corev1.Service) (*networkingv1.Ingress, error) {
	tlsSecret := p.args.TLSSecret
	if p.args.ClusterIssuer != nil {
		tlsSecret = pulumi.String(name + "-tls")
	}
	return route.New(p.ctx, name, &route.Args{
		Metadata:      p.Metadata(name, nil),
		Service:       service,
		Path:          pulumi.String(p.args.Path),
		Host:          p.args.Host,
		Class:         p.args.IngressClass,
		TLSSecret:     tlsSecret,
		ClusterIssuer: p.args.ClusterIssuer,
		Annotations:   p.args.IngressAnnotations,
	}, p.With(object.Within(p.args.AddressTimeout))...)
}
