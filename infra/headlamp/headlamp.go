// Package headlamp is Headlamp, a dashboard of the cluster, as one Pulumi component. It has no rights of its own: its users
// bring a token and see what the token's owner may see. [Viewer] is an account to create tokens for, which may look at
// everything but Secrets, and change nothing.
package headlamp

import (
	"time"

	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/internal/route"
)

// Image is the published name of the image. ship/cluster makes nodes of a kind cluster look in the cluster's registry first.
const Image = "ghcr.io/headlamp-k8s/headlamp:v0.45.0"

// Namespace is the namespace that it runs in.
const Namespace = name

// name names the namespace and nearly everything in it.
const name = "headlamp"

// Viewer is the name of the account for users' tokens.
const Viewer = "viewer"

var labels = pulumi.StringMap{"app.kubernetes.io/name": pulumi.String(name)}

// Args says how users reach the dashboard. The fields mean the same as in webservice.Args.
type Args struct {
	Image string             // required; [Image], by its digest if known
	Path  string             // required; without a slash at its end
	State pulumi.StringInput // required

	Host               pulumi.StringInput
	Gateway            *route.Gateway
	IngressClass       pulumi.StringPtrInput
	IngressAnnotations pulumi.StringMapInput
	IngressFrom        networkingv1.NetworkPolicyPeerArray
	TLSSecret          pulumi.StringInput // a Secret of the dashboard's namespace
	ClusterIssuer      pulumi.StringInput
	AddressTimeout     time.Duration // required
}

// Dashboard is the component.
type Dashboard struct {
	pulumi.ResourceState

	Namespace pulumi.StringOutput `pulumi:"namespace"` // of Viewer
	Path      pulumi.StringOutput `pulumi:"path"`      // of Args, known once the way in leads there

	NamespaceUID pulumi.StringOutput // the cluster's id of the namespace; "" in a preview of its creation
}

// New declares the dashboard. A cluster has room for one.
func New(ctx *pulumi.Context, args *Args, opts ...pulumi.ResourceOption) (*Dashboard, error) {
	dashboard := &Dashboard{}
	if err := ctx.RegisterComponentResource("hello-world:index:Headlamp", name, dashboard, opts...); err != nil {
		return nil, err
	}
	scope, err := namespace.NewScope(ctx, name, namespace.Args{
		Component: dashboard, Name: pulumi.String(name), State: args.State, Labels: labels,
	})
	if err != nil {
		return nil, err
	}
	p := parts{Scope: scope, ctx: ctx, args: args}
	address, err := p.declare()
	if err != nil {
		return nil, err
	}

	dashboard.Namespace = scope.Namespace
	dashboard.NamespaceUID = scope.UID
	dashboard.Path = address.ApplyT(func(string) string { return args.Path }).(pulumi.StringOutput)
	return dashboard, ctx.RegisterResourceOutputs(dashboard, pulumi.Map{
		"namespace": dashboard.Namespace, "path": dashboard.Path,
	})
}

// parts declares the objects, each in the file of its name.
type parts struct {
	*namespace.Scope
	ctx  *pulumi.Context
	args *Args
}

func (p *parts) declare() (address pulumi.StringOutput, err error) {
	if err = p.declareViewer(); err != nil {
		return address, err
	}
	if err = p.declareNetworkPolicy(); err != nil {
		return address, err
	}
	deployment, err := p.declareDeployment()
	if err != nil {
		return address, err
	}
	service, err := p.declareService(deployment)
	if err != nil {
		return address, err
	}
	return p.declareWayIn(service)
}
