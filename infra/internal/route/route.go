// Package route leads clients from outside the cluster through an Ingress to a Service.
package route

import (
	"maps"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Args says which requests the Ingress routes where.
type Args struct {
	Metadata *metav1.ObjectMetaArgs // required; of the Ingress, in the Service's namespace
	Service  *corev1.Service        // required; requests go to its port http

	Path  pulumi.StringInput    // required; the prefix, such as /hello
	Host  pulumi.StringInput    // nil means any
	Class pulumi.StringPtrInput // nil means the cluster's default class

	TLSSecret     pulumi.StringInput // the Secret with the certificate for Host; nil means no TLS
	ClusterIssuer pulumi.StringInput // the cert-manager issuer that writes TLSSecret; nil means that it exists

	Annotations pulumi.StringMapInput // override those that the Ingress has anyway
}

// AwaitAddress is the annotation that makes `pulumi up` wait until an Ingress controller or a load balancer has given the
// object an address.
var AwaitAddress = pulumi.StringMap{
	"pulumi.com/waitFor": pulumi.String("jsonpath={.status.loadBalancer.ingress[0]}"),
}

// New declares an Ingress. It counts as created once its controller has given it an address.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*networkingv1.Ingress, error) {
	rule := &networkingv1.IngressRuleArgs{
		Http: &networkingv1.HTTPIngressRuleValueArgs{Paths: networkingv1.HTTPIngressPathArray{
			&networkingv1.HTTPIngressPathArgs{
				Path:     args.Path.ToStringOutput(),
				PathType: pulumi.String("Prefix"),
				Backend: &networkingv1.IngressBackendArgs{Service: &networkingv1.IngressServiceBackendArgs{
					Name: args.Service.Metadata.Name().Elem(),
					Port: &networkingv1.ServiceBackendPortArgs{Name: pulumi.String("http")},
				}},
			},
		}},
	}
	spec := &networkingv1.IngressSpecArgs{
		IngressClassName: args.Class,
		Rules:            networkingv1.IngressRuleArray{rule},
	}
	if args.Host != nil {
		rule.Host = args.Host.ToStringOutput()
	}
	if args.TLSSecret != nil {
		spec.Tls = networkingv1.IngressTLSArray{&networkingv1.IngressTLSArgs{
			Hosts:      pulumi.StringArray{args.Host},
			SecretName: args.TLSSecret.ToStringOutput(),
		}}
	}
	metadata := *args.Metadata
	metadata.Annotations = args.annotations()
	return networkingv1.NewIngress(ctx, name, &networkingv1.IngressArgs{Metadata: &metadata, Spec: spec}, opts...)
}

// annotations returns the metadata's and those for the controllers, overridden by the caller's.
func (a *Args) annotations() pulumi.StringMapInput {
	own := pulumi.StringMap{}
	maps.Copy(own, a.Metadata.Annotations.(pulumi.StringMap))
	maps.Copy(own, AwaitAddress)
	if a.ClusterIssuer != nil {
		own["cert-manager.io/cluster-issuer"] = a.ClusterIssuer
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
