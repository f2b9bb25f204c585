package headlamp

import (
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// port is Headlamp's default port.
const port = 4466

func (p *parts) declareService(deployment *appsv1.Deployment) (*corev1.Service, error) {
	// The Pod is ready, so there is nothing to wait for.
	await := pulumi.StringMap{"pulumi.com/skipAwait": pulumi.String("true")}
	return corev1.NewService(p.ctx, name, &corev1.ServiceArgs{
		Metadata: p.Metadata(name, await),
		Spec: &corev1.ServiceSpecArgs{
			Type:     pulumi.String("ClusterIP"),
			Selector: labels,
			Ports: corev1.ServicePortArray{&corev1.ServicePortArgs{
				Name: pulumi.String("http"), Port: pulumi.Int(port), TargetPort: pulumi.String("http"),
			}},
		},
	}, p.With(pulumi.DependsOn([]pulumi.Resource{deployment}))...)
}
