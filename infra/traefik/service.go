package traefik

import (
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The ports of the node that lead to the controller. ship/cluster makes kind publish the first one.
const (
	WebNodePort       = 30080
	WebsecureNodePort = 30443
)

// declareService opens the node's ports. While Pods are replaced, a Service leads to the old and the new ones; only one Pod
// at a time can have a host port.
func (p *parts) declareService(deployment *appsv1.Deployment) (*corev1.Service, error) {
	port := func(name string, port, nodePort int) corev1.ServicePortInput {
		return &corev1.ServicePortArgs{
			Name: pulumi.String(name), Port: pulumi.Int(port), TargetPort: pulumi.String(name), NodePort: pulumi.Int(nodePort),
		}
	}
	return corev1.NewService(p.ctx, name, &corev1.ServiceArgs{
		// The Pods are ready, so there is nothing to wait for.
		Metadata: p.Metadata(name, pulumi.StringMap{"pulumi.com/skipAwait": pulumi.String("true")}),
		Spec: &corev1.ServiceSpecArgs{
			Type:     pulumi.String("NodePort"),
			Selector: labels,
			// Only the Pods of this node: no hop to another node, and Traefik sees the client's address.
			ExternalTrafficPolicy: pulumi.String("Local"),
			Ports: corev1.ServicePortArray{
				port("web", 80, WebNodePort),
				port("websecure", 443, WebsecureNodePort),
			},
		},
	}, p.With(pulumi.DependsOn([]pulumi.Resource{deployment}))...)
}
