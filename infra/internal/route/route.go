// Package route leads clients from outside the cluster to a Service: through an Ingress, or through a Gateway and an HTTPRoute.
package route

import (
	"context"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Args says which requests lead where.
type Args struct {
	Metadata *metav1.ObjectMetaArgs // required; of the Ingress or the HTTPRoute, in the Service's namespace
	Service  *corev1.Service        // required; requests go to its port http

	Path pulumi.StringInput // required; the prefix, such as /hello
	Host pulumi.StringInput // nil means any

	// StripPrefix strips the prefix from the path, and puts it into the header X-Forwarded-Prefix.
	StripPrefix bool

	Gateway *Gateway // nil means an Ingress

	// What an Ingress has beside them.
	Class         pulumi.StringPtrInput // nil means the cluster's default class
	TLSSecret     pulumi.StringInput    // the Secret with the certificate for Host; nil means no TLS
	ClusterIssuer pulumi.StringInput    // the cert-manager issuer that writes TLSSecret; nil means that it exists
	Annotations   pulumi.StringMapInput // override those that the Ingress has anyway
}

// Gateway is what an HTTPRoute joins.
type Gateway struct {
	Namespace string             // required
	Name      pulumi.StringInput // required
	Listener  string             // "" means all that take the route

	// Await waits until the Gateway leads to the HTTPRoute of that name, and returns the Gateway's address, a host name or an IP
	// address; nil means not to wait.
	Await func(ctx context.Context, namespace, name string) (address string, err error)
}

// New declares the way in. The address is what the Ingress or the Gateway reports, a host name or an IP address, once it leads to
// the Service; "" if there is none.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (way pulumi.Resource, address pulumi.StringOutput, err error) {
	if args.Gateway != nil {
		return args.httpRoute(ctx, name, opts)
	}
	return args.ingress(ctx, name, opts)
}
