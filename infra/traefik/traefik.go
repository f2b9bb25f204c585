// Package traefik is the Traefik Ingress controller for a kind cluster, as one Pulumi component: two Pods on the node
// labelled ingress-ready=true, behind ports of that node which kind can publish on the host. Only standard Ingress
// objects are served; Traefik's own resource types are not installed.
package traefik

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/internal/object"
)

// Image is what runs, as its publisher calls it.
const Image = "traefik:v3.7.13"

// Namespace is where it runs.
const Namespace = name

// ClusterWide is the name of what is outside of the namespace: the controller's rights, and the class that it serves.
const ClusterWide = name

// name is that of the namespace and of everything in it.
const name = "traefik"

var labels = pulumi.StringMap{"app.kubernetes.io/name": pulumi.String(name)}

// Peer selects the controller's Pods in a network policy.
var Peer networkingv1.NetworkPolicyPeerInput = networkingv1.NetworkPolicyPeerArgs{
	NamespaceSelector: &metav1.LabelSelectorArgs{
		MatchLabels: pulumi.StringMap{"kubernetes.io/metadata.name": pulumi.String(name)},
	},
	PodSelector: &metav1.LabelSelectorArgs{MatchLabels: labels},
}

// Controller is the component.
type Controller struct {
	pulumi.ResourceState

	// Class is the Ingress class that the controller serves. It is known only once the controller runs, so that an
	// Ingress made of it does not wait for somebody to come.
	Class pulumi.StringOutput `pulumi:"class"`

	NamespaceUID pulumi.StringOutput // the cluster's id of [Namespace]; "" in a preview of its creation
}

// New declares the controller of a class, for the stack whose state has that id. It runs the image given, which is [Image],
// by its digest if that is known. A cluster has room for one.
func New(ctx *pulumi.Context, image, class string, state pulumi.StringInput, opts ...pulumi.ResourceOption) (*Controller, error) {
	controller := &Controller{}
	if err := ctx.RegisterComponentResource("hello-world:index:Traefik", name, controller, opts...); err != nil {
		return nil, err
	}
	parent := pulumi.Parent(controller)

	made, err := namespace.New(ctx, name, pulumi.String(name), state, nil, parent)
	if err != nil {
		return nil, err
	}
	controller.NamespaceUID = namespace.UID(made)
	opts = []pulumi.ResourceOption{parent, pulumi.DeletedWith(made)}
	clusterWide := func(name string) *metav1.ObjectMetaArgs {
		return &metav1.ObjectMetaArgs{
			Name: pulumi.String(name), Labels: labels, OwnerReferences: namespace.Owns(made), Annotations: object.Annotations(nil),
		}
	}
	within := func(name string, annotations pulumi.StringMap) *metav1.ObjectMetaArgs {
		return &metav1.ObjectMetaArgs{
			Name: pulumi.String(name), Namespace: made.Metadata.Name(), Labels: labels, Annotations: object.Annotations(annotations),
		}
	}

	account, err := corev1.NewServiceAccount(ctx, name, &corev1.ServiceAccountArgs{Metadata: within(name, nil)}, opts...)
	if err != nil {
		return nil, err
	}
	binding, err := grant(ctx, account, clusterWide(name), opts...)
	if err != nil {
		return nil, err
	}
	ingressClass, err := networkingv1.NewIngressClass(ctx, class, &networkingv1.IngressClassArgs{
		Metadata: clusterWide(class),
		Spec:     &networkingv1.IngressClassSpecArgs{Controller: pulumi.String("traefik.io/ingress-controller")},
	}, opts...)
	if err != nil {
		return nil, err
	}
	configMap, err := configure(ctx, within, opts...)
	if err != nil {
		return nil, err
	}
	confined, err := confine(ctx, within, opts...)
	if err != nil {
		return nil, err
	}
	ready, err := routeToPing(ctx, class, within, opts...)
	if err != nil {
		return nil, err
	}
	// Without its rights the controller would start with errors and try again ever more slowly. No connection is older than the
	// policy, which looks at new ones only.
	deployment, err := run(ctx, image, class, within, account, configMap,
		append(opts, pulumi.DependsOn([]pulumi.Resource{binding, ready, confined}))...)
	if err != nil {
		return nil, err
	}
	service, err := publish(ctx, within, deployment, opts...)
	if err != nil {
		return nil, err
	}

	controller.Class = pulumi.All(ingressClass.Metadata.Name().Elem(), service.ID()).
		ApplyT(func(all []any) string { return all[0].(string) }).(pulumi.StringOutput)
	return controller, ctx.RegisterResourceOutputs(controller, pulumi.Map{"class": controller.Class})
}

// metadata is that of an object in the controller's namespace.
type metadata func(name string, annotations pulumi.StringMap) *metav1.ObjectMetaArgs
