// Package traefik is the Traefik Ingress controller for a kind cluster, as one Pulumi component: two Pods on the node
// labelled ingress-ready=true, behind ports of that node which kind can publish on the host. It serves standard Ingresses
// and, where the cluster knows them, Gateways, and installs none of Traefik's own resource types.
package traefik

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/namespace"
)

// Image is the published name of the image.
const Image = "traefik:v3.7.13"

// Namespace is the namespace that it runs in.
const Namespace = name

// ClusterScoped names the cluster-scoped objects: the controller's rights, and the class that it serves.
const ClusterScoped = name

// name names the namespace and everything in it.
const name = "traefik"

var labels = pulumi.StringMap{"app.kubernetes.io/name": pulumi.String(name)}

// Peer selects the controller's Pods in a network policy.
var Peer networkingv1.NetworkPolicyPeerInput = networkingv1.NetworkPolicyPeerArgs{
	NamespaceSelector: &metav1.LabelSelectorArgs{
		MatchLabels: pulumi.StringMap{"kubernetes.io/metadata.name": pulumi.String(name)},
	},
	PodSelector: &metav1.LabelSelectorArgs{MatchLabels: labels},
}

// Args says what to run.
type Args struct {
	Image string             // required; [Image], by its digest if known
	Class string             // required; the Ingress class to serve
	State pulumi.StringInput // required; the id of the stack's state, for the namespace

	Gateways bool // the cluster has the resource types of Gateway API: declare a Gateway, too

	MetricsFrom *MetricsFrom // who may read its metrics; nil means that it has none
}

// Controller is the component.
type Controller struct {
	pulumi.ResourceState

	// Class is the Ingress class that the controller serves. It is known once the controller runs, so that an Ingress
	// of this class is not made before that.
	Class pulumi.StringOutput `pulumi:"class"`

	// Gateway is the name of the Gateway in [Namespace], known once the controller runs; "" without one.
	Gateway pulumi.StringOutput `pulumi:"gateway"`

	NamespaceUID pulumi.StringOutput // the cluster's id of [Namespace]; "" in a preview of its creation
}

// New declares the controller. A cluster has room for one.
func New(ctx *pulumi.Context, args *Args, opts ...pulumi.ResourceOption) (*Controller, error) {
	controller := &Controller{}
	if err := ctx.RegisterComponentResource("hello-world:index:Traefik", name, controller, opts...); err != nil {
		return nil, err
	}
	scope, err := namespace.NewScope(ctx, name, namespace.Args{
		Component: controller, Name: pulumi.String(name), State: args.State, Labels: labels,
	})
	if err != nil {
		return nil, err
	}
	p := parts{Scope: scope, ctx: ctx, args: args}
	if controller.Class, controller.Gateway, err = p.declare(); err != nil {
		return nil, err
	}
	controller.NamespaceUID = scope.UID
	return controller, ctx.RegisterResourceOutputs(controller, pulumi.Map{"class": controller.Class, "gateway": controller.Gateway})
}

// parts declares the objects, each in the file of its name.
type parts struct {
	*namespace.Scope
	ctx  *pulumi.Context
	args *Args
}

// declare returns the class and the Gateway, once the controller runs.
func (p *parts) declare() (class, gateway pulumi.StringOutput, err error) {
	account, err := corev1.NewServiceAccount(p.ctx, name, &corev1.ServiceAccountArgs{Metadata: p.Metadata(name, nil)}, p.With()...)
	if err != nil {
		return class, gateway, err
	}
	rights, err := p.declareRights(account)
	if err != nil {
		return class, gateway, err
	}
	ingressClass, err := networkingv1.NewIngressClass(p.ctx, p.args.Class, &networkingv1.IngressClassArgs{
		Metadata: p.ClusterScoped(p.args.Class),
		Spec:     &networkingv1.IngressClassSpecArgs{Controller: pulumi.String("traefik.io/ingress-controller")},
	}, p.With()...)
	if err != nil {
		return class, gateway, err
	}
	configuration, err := p.declareConfiguration()
	if err != nil {
		return class, gateway, err
	}
	if err := p.declareMetrics(); err != nil {
		return class, gateway, err
	}
	policy, err := p.declareNetworkPolicy()
	if err != nil {
		return class, gateway, err
	}
	toPing, readiness, err := p.declareReadiness()
	if err != nil {
		return class, gateway, err
	}
	before := []pulumi.Resource{rights, policy, readiness}
	itsGateway, gatewayReady, err := p.declareGateway(toPing)
	if err != nil {
		return class, gateway, err
	}
	named := pulumi.String("").ToStringOutput()
	if itsGateway != nil {
		named, before = itsGateway.Metadata.Name().Elem(), append(before, gatewayReady)
	}
	// Without its rights the controller would start with errors, and retry ever more slowly. The policy applies to new
	// connections only, so no connection may be older.
	deployment, err := p.declareDeployment(account, configuration, before...)
	if err != nil {
		return class, gateway, err
	}
	service, err := p.declareService(deployment)
	if err != nil {
		return class, gateway, err
	}
	running := func(name pulumi.StringOutput) pulumi.StringOutput {
		return pulumi.All(name, service.Metadata).ApplyT(func(all []any) string { return all[0].(string) }).(pulumi.StringOutput)
	}
	return running(ingressClass.Metadata.Name().Elem()), running(named), nil
}
