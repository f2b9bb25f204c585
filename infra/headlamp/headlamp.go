// Package headlamp is Headlamp, a dashboard that shows a cluster to people, as one Pulumi component. It has no rights of
// its own: whoever uses it shows a token and sees what the token's owner may see. [Viewer] is an account to create tokens
// for, which may look at everything but Secrets and change nothing.
package headlamp

import (
	"time"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/internal/object"
)

// Image is what runs, as its publisher calls it. cluster/up.sh has the nodes of a kind cluster look for it in the cluster's registry first.
const Image = "ghcr.io/headlamp-k8s/headlamp:v0.45.0"

// Namespace is where it runs.
const Namespace = name

// name is that of the namespace and of nearly everything in it.
const name = "headlamp"

// Viewer is the name of the account for people's tokens.
const Viewer = "viewer"

var labels = pulumi.StringMap{"app.kubernetes.io/name": pulumi.String(name)}

// Args says how people reach the dashboard. The fields mean what those of webservice.Args do.
type Args struct {
	Image string             // required; [Image], by its digest if that is known
	Path  string             // required; without a slash at its end
	State pulumi.StringInput // required

	Host               pulumi.StringInput
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

	Namespace pulumi.StringOutput `pulumi:"namespace"` // where Viewer is
	Path      pulumi.StringOutput `pulumi:"path"`      // that of Args, known once the Ingress leads there

	NamespaceUID pulumi.StringOutput // the cluster's id of the namespace; "" in a preview of its creation
}

// New declares the dashboard. A cluster has room for one.
func New(ctx *pulumi.Context, args *Args, opts ...pulumi.ResourceOption) (*Dashboard, error) {
	dashboard := &Dashboard{}
	if err := ctx.RegisterComponentResource("hello-world:index:Headlamp", name, dashboard, opts...); err != nil {
		return nil, err
	}
	parent := pulumi.Parent(dashboard)

	made, err := namespace.New(ctx, name, pulumi.String(name), args.State, nil, parent)
	if err != nil {
		return nil, err
	}
	p := parts{
		ctx: ctx, args: args,
		namespace: made.Metadata.Name().Elem(),
		owner:     namespace.Owns(made),
		opts:      []pulumi.ResourceOption{parent, pulumi.DeletedWith(made)},
	}
	ingress, err := p.declare()
	if err != nil {
		return nil, err
	}

	dashboard.Namespace = p.namespace
	dashboard.NamespaceUID = namespace.UID(made)
	dashboard.Path = ingress.ID().ApplyT(func(pulumi.ID) string { return args.Path }).(pulumi.StringOutput)
	return dashboard, ctx.RegisterResourceOutputs(dashboard, pulumi.Map{
		"namespace": dashboard.Namespace, "path": dashboard.Path,
	})
}

// parts declares the objects, each in the file of its name.
type parts struct {
	ctx       *pulumi.Context
	args      *Args
	namespace pulumi.StringOutput        // known once the namespace exists, so whatever uses it waits for that
	owner     metav1.OwnerReferenceArray // of every object outside the namespace
	opts      []pulumi.ResourceOption    // of every object
}

func (p *parts) declare() (*networkingv1.Ingress, error) {
	if err := p.declareViewer(); err != nil {
		return nil, err
	}
	if err := p.declareNetworkPolicy(); err != nil {
		return nil, err
	}
	deployment, err := p.declareDeployment()
	if err != nil {
		return nil, err
	}
	service, err := p.declareService(deployment)
	if err != nil {
		return nil, err
	}
	return p.declareIngress(service)
}

// metadata names an object of the namespace.
func (p *parts) metadata(name string, annotations pulumi.StringMap) *metav1.ObjectMetaArgs {
	return &metav1.ObjectMetaArgs{
		Name: pulumi.String(name), Namespace: p.namespace, Labels: labels, Annotations: object.Annotations(annotations),
	}
}

// with returns the options of every object of the namespace, and further ones.
func (p *parts) with(opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append(p.opts[:len(p.opts):len(p.opts)], opts...)
}
