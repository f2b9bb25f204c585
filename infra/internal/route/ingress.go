package route

import (
	"fmt"
	"maps"
	"strings"

	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// AwaitAddress is the annotation that makes `pulumi up` wait until an Ingress controller or a load balancer has given the
// object an address.
var AwaitAddress = pulumi.StringMap{
	"pulumi.com/waitFor": pulumi.String("jsonpath={.status.loadBalancer.ingress[0]}"),
}

// ingress declares an Ingress. It counts as created once its controller has given it an address.
func (a *Args) ingress(ctx *pulumi.Context, name string, opts []pulumi.ResourceOption) (way pulumi.Resource, address pulumi.StringOutput, err error) {
	rule := &networkingv1.IngressRuleArgs{
		Http: &networkingv1.HTTPIngressRuleValueArgs{Paths: networkingv1.HTTPIngressPathArray{
			&networkingv1.HTTPIngressPathArgs{
				Path:     a.Path.ToStringOutput(),
				PathType: pulumi.String("Prefix"),
				Backend: &networkingv1.IngressBackendArgs{Service: &networkingv1.IngressServiceBackendArgs{
					Name: a.Service.Metadata.Name().Elem(),
					Port: &networkingv1.ServiceBackendPortArgs{Name: pulumi.String("http")},
				}},
			},
		}},
	}
	spec := &networkingv1.IngressSpecArgs{
		IngressClassName: a.Class,
		Rules:            networkingv1.IngressRuleArray{rule},
	}
	if a.Host != nil {
		rule.Host = a.Host.ToStringOutput()
	}
	if a.TLSSecret != nil {
		spec.Tls = networkingv1.IngressTLSArray{&networkingv1.IngressTLSArgs{
			Hosts:      pulumi.StringArray{a.Host},
			SecretName: a.TLSSecret.ToStringOutput(),
		}}
	}
	metadata := *a.Metadata
	metadata.Annotations = a.annotations()
	made, err := networkingv1.NewIngress(ctx, name, &networkingv1.IngressArgs{Metadata: &metadata, Spec: spec}, opts...)
	if err != nil {
		return nil, address, err
	}
	return made, made.Status.ApplyT(func(status *networkingv1.IngressStatus) string {
		if status == nil || status.LoadBalancer == nil {
			return ""
		}
		for _, at := range status.LoadBalancer.Ingress {
			if host := Host(at.Hostname, at.Ip); host != "" {
				return host
			}
		}
		return ""
	}).(pulumi.StringOutput), nil
}

// annotations returns the metadata's and those for the controllers, overridden by the caller's.
func (a *Args) annotations() pulumi.StringMapInput {
	own := pulumi.StringMap{}
	maps.Copy(own, a.Metadata.Annotations.(pulumi.StringMap))
	maps.Copy(own, AwaitAddress)
	if a.ClusterIssuer != nil {
		own["cert-manager.io/cluster-issuer"] = a.ClusterIssuer
	}
	if a.StripPrefix {
		own["traefik.ingress.kubernetes.io/router.middlewares"] = a.Path.ToStringOutput().ApplyT(stripMiddleware).(pulumi.StringOutput)
	}
	if a.Annotations == nil {
		return own
	}
	return pulumi.All(own.ToStringMapOutput(), a.Annotations).ApplyT(func(all []any) map[string]string {
		merged := maps.Clone(all[0].(map[string]string))
		maps.Copy(merged, all[1].(map[string]string))
		return merged
	}).(pulumi.StringMapOutput)
}

// Host returns what an address in a load balancer's status leads to: its host name or IP address; "" if it has neither.
func Host(hostname, ip *string) string {
	for _, host := range []*string{hostname, ip} {
		if host != nil && *host != "" {
			return *host
		}
	}
	return ""
}

// stripMiddleware names the middleware of the traefik package's controller that strips a prefix. An Ingress can name only what is
// in that controller's file, which knows no prefix, only how many segments it has.
func stripMiddleware(prefix string) string {
	return fmt.Sprintf("strip-%d@file", strings.Count(strings.TrimSuffix(prefix, "/"), "/"))
}
