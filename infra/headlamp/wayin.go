package headlamp

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/object"
	"example.com/hello-world/infra/internal/route"
)

// declareWayIn returns an output that is known once the way in leads to the dashboard.
func (p *parts) declareWayIn(service *corev1.Service) (pulumi.StringOutput, error) {
	tlsSecret := p.args.TLSSecret
	if p.args.ClusterIssuer != nil {
		tlsSecret = pulumi.String(name + "-tls")
	}
	_, address, err := route.New(p.ctx, name, &route.Args{
		Metadata:      p.Metadata(name, nil),
		Service:       service,
		Path:          pulumi.String(p.args.Path),
		Host:          p.args.Host,
		Class:         p.args.IngressClass,
		TLSSecret:     tlsSecret,
		ClusterIssuer: p.args.ClusterIssuer,
		Annotations:   p.args.IngressAnnotations,
		Gateway:       p.args.Gateway,
	}, p.With(object.Within(p.args.AddressTimeout))...)
	return address, err
}
