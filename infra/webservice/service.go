package webservice

import (
	"fmt"
	"net"
	"strconv"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/object"
	"example.com/hello-world/infra/internal/route"
)

const loadBalancer = "LoadBalancer"

// declareService waits for the Deployment, so that a Pod answers from the first connection on.
func (p *parts) declareService(rolledOut pulumi.ResourceOption) (*corev1.Service, error) {
	// By default, the provider would watch the endpoints until they have not changed for ten seconds. The Deployment's Pods
	// are ready, so there is nothing to wait for but a load balancer's address.
	annotations := pulumi.StringMap{"pulumi.com/skipAwait": pulumi.String("true")}
	if p.args.ServiceType == loadBalancer {
		annotations = route.AwaitAddress
	}
	options := []pulumi.ResourceOption{object.Within(p.args.AddressTimeout), rolledOut}
	if p.args.ServiceType == loadBalancer {
		noAddress, err := p.explainNoAddress("Service "+p.name+"-service", "nothing in this cluster seems to give addresses to "+
			"Services of type LoadBalancer, as clouds do, and MetalLB elsewhere; `kubectl describe service "+p.name+
			"-service` in the namespace shows what happened")
		if err != nil {
			return nil, err
		}
		options = append(options, noAddress)
	}
	return corev1.NewService(p.ctx, p.name+"-service", &corev1.ServiceArgs{
		Metadata: p.Metadata(p.name+"-service", annotations),
		Spec: &corev1.ServiceSpecArgs{
			Type:     pulumi.String(p.args.ServiceType),
			Selector: p.labels,
			Ports: corev1.ServicePortArray{&corev1.ServicePortArgs{
				Name:       pulumi.String("http"),
				Port:       pulumi.Int(p.args.Port),
				TargetPort: pulumi.String("http"),
			}},
		},
	}, p.With(options...)...)
}

// serviceAddress returns where the Service can be reached: at its name inside the cluster, a port of every node, or the load
// balancer, depending on its type.
func serviceAddress(service *corev1.Service) pulumi.StringOutput {
	return pulumi.All(service.Metadata.Name().Elem(), service.Metadata.Namespace().Elem(), service.Spec, service.Status).
		ApplyT(func(all []any) string {
			name, namespace := all[0].(string), all[1].(string)
			spec, status := all[2].(corev1.ServiceSpec), all[3].(*corev1.ServiceStatus)
			if len(spec.Ports) == 0 {
				return ""
			}
			port := spec.Ports[0]
			switch {
			case *spec.Type == "NodePort" && port.NodePort != nil:
				return fmt.Sprintf("<any node>:%d", *port.NodePort)
			case *spec.Type == loadBalancer && status != nil && status.LoadBalancer != nil:
				for _, address := range status.LoadBalancer.Ingress {
					if host := route.Host(address.Hostname, address.Ip); host != "" {
						return net.JoinHostPort(host, strconv.Itoa(port.Port))
					}
				}
			}
			return fmt.Sprintf("%s.%s.svc:%d", name, namespace, port.Port)
		}).(pulumi.StringOutput)
}
