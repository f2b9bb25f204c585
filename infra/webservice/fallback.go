package webservice

import (
	"maps"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	discoveryv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/discovery/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// declareFallback gives Traefik the Service's own address beside that of the only Pod. Traefik takes the ready Pods in turn,
// and when the only one drains it would answer 503 until it knows the next. The Service's address still leads to the draining
// Pod. Traefik's own option for that address, nativelb, would leave out the Pods: after a scaling by hand, all requests of a
// kept connection would still go to one.
//
// With several Pods, another one serves while one drains, and the address would harm: Traefik keeps connections to it, and each
// leads to the same Pod until that ends. A server that does not close them while it drains would lose what is under way then.
//
// The address serves, but is not ready: Traefik takes it, and nothing else in the cluster does. For an HTTPRoute, Traefik takes
// only what is ready. Then the label of headless Services keeps kube-proxy from it, which would lead the address to itself.
func (p *parts) declareFallback(service *corev1.Service) error {
	if !p.args.BehindTraefik || !p.args.wayIn() || p.args.Replicas != 1 {
		return nil
	}
	metadata := p.Metadata(p.name+"-service-fallback", nil)
	labels := pulumi.StringMap{
		"kubernetes.io/service-name":             service.Metadata.Name().Elem(),
		"endpointslice.kubernetes.io/managed-by": pulumi.String("hello-world"),
	}
	maps.Copy(labels, p.labels)
	ready := p.args.Gateway != nil
	if ready {
		labels["service.kubernetes.io/headless"] = pulumi.String("")
	}
	metadata.Labels = labels
	address := service.Spec.ClusterIP().Elem()
	_, err := discoveryv1.NewEndpointSlice(p.ctx, p.name+"-service-fallback", &discoveryv1.EndpointSliceArgs{
		Metadata: metadata,
		AddressType: address.ApplyT(func(address string) string {
			if strings.Contains(address, ":") {
				return "IPv6"
			}
			return "IPv4"
		}).(pulumi.StringOutput),
		Endpoints: discoveryv1.EndpointArray{&discoveryv1.EndpointArgs{
			Addresses: pulumi.StringArray{address},
			Conditions: &discoveryv1.EndpointConditionsArgs{
				Ready: pulumi.Bool(ready), Serving: pulumi.Bool(true), Terminating: pulumi.Bool(false),
			},
		}},
		Ports: discoveryv1.EndpointPortArray{&discoveryv1.EndpointPortArgs{
			Name: pulumi.String("http"), Port: pulumi.Int(p.args.Port), Protocol: pulumi.String("TCP"),
		}},
	}, p.With()...)
	return err
}
