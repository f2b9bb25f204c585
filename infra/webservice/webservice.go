// Package webservice is an HTTP server on Kubernetes as one Pulumi component: a namespace with a Deployment, a
// Service, an Ingress and what keeps them safe and available. It can be used by any Pulumi program:
//
//	hello, err := webservice.New(ctx, "hello", &webservice.Args{
//		Namespace:   pulumi.String("hello"),
//		State:       state,
//		Image:       image.RepoDigest,
//		Replicas:    3,
//		Port:        8080,
//		ServiceType: "ClusterIP",
//		Path:        pulumi.String("/hello"),
//	}, pulumi.Providers(cluster))
//
// The server it runs follows a contract. It reads PORT, ADMIN_PORT and BASE_PATH; POD_NAME, NODE_NAME and POD_IP; and
// DRAIN_DELAY and SHUTDOWN_TIMEOUT, both Go durations, from its environment. It answers /healthz and /readyz on the
// admin port, and is ready only when it has made sure that it answers requests: a version that fails at its first one
// then never gets one of a user's. On SIGTERM it goes on serving for the drain delay and then has the shutdown timeout for the requests in
// flight. It needs no writable file system and no capability.
package webservice

import (
	"context"
	"errors"
	"fmt"
	"time"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/internal/object"
)

// Args says what to run. A field that decides which objects exist is a plain value, the others are inputs.
type Args struct {
	Namespace pulumi.StringInput // required; created, and deleted with all that is in it
	State     pulumi.StringInput // required; the id of the stack's state, which the namespace bears
	Image     pulumi.StringInput // required; a reference by digest, so that what runs is what was declared

	Replicas    int    // how many Pods, 0 or more; with MaxReplicas, how many at least
	MaxReplicas int    // autoscale up to this many Pods, as CPU use demands; 0 means Replicas, always
	CPUTarget   int    // with MaxReplicas: the CPU use to aim at, in percent of what a Pod requests
	Port        int    // required; what the server listens on and the Service exposes, 1 to 65535
	ServiceType string // ClusterIP, NodePort or LoadBalancer; "" means ClusterIP

	Path               pulumi.StringInput    // required; the prefix that the Ingress routes to the server, such as /hello
	Host               pulumi.StringInput    // the host name that the Ingress routes; nil means any
	IngressClass       pulumi.StringPtrInput // nil means the cluster's default class
	IngressAnnotations pulumi.StringMapInput // added to the Ingress
	IngressAddress     pulumi.StringInput    // host:port where clients reach the Ingress controller; nil means what it reports
	TLSSecret          pulumi.StringInput    // TLS for Host with the certificate in this Secret; nil means none
	ClusterIssuer      pulumi.StringInput    // TLS for Host with a certificate from this cert-manager issuer; nil means none

	// IngressFrom are the Pods that may reach the server through the network policy, besides those of its own
	// namespace: the Ingress controller's. nil means that the controller is not known, and lets everything in.
	IngressFrom networkingv1.NetworkPolicyPeerArray

	Env       map[string]string             // further environment variables
	SecretEnv map[string]pulumi.StringInput // such as are secrets; kept in a Secret
	Arguments []string                      // of the image's command
	CPU       Amount                        // the zero value means 25m, and 1 at most
	Memory    Amount                        // the zero value means 32Mi, and 128Mi at most
	Scratch   string                        // the size of a writable /tmp, such as 64Mi; "" means that nothing is writable
	User      int                           // the number of the user; 0 means 65532

	// HealthPath is for a server that does not follow the contract: the probes ask for it on Port, and the kubelet waits for
	// DrainTime before it tells the server to stop. LivenessPath is what they ask for to find out whether only a restart helps;
	// "" means HealthPath.
	HealthPath, LivenessPath string

	// Egress is where the Pods may connect to; nil means anywhere, and empty nowhere.
	Egress []Destination

	MetricsFrom pulumi.StringInput // the namespace whose Pods may read the metrics, on the admin port; nil means none

	// RolloutTimeout is how long new Pods may take to get ready, and a second more for each; 0 means a minute. Then
	// `pulumi up` fails, and the old ones go on serving.
	RolloutTimeout time.Duration

	// WhyNotReady says what is wrong with the Pods of a namespace since then, "" if that cannot be told; nil means that
	// it never can.
	WhyNotReady func(ctx context.Context, namespace string, since time.Time) string

	AddressTimeout time.Duration // how long the Ingress or a load balancer may take to get its address; 0 means a minute

	// DrainTime is how long a Pod that is told to stop goes on serving, because some clients have not heard yet; 0 means ten
	// seconds. It has to outlast the slowest of them to drop the Pod.
	DrainTime time.Duration

	NamespaceLabels pulumi.StringMap // further labels of the namespace

	PullCredentials *Credentials // for a registry that asks for them; nil means none

	// After has to be there before the namespace is made, so that nothing is left behind in the cluster where that fails.
	// As the component's own option, DependsOn, it would put the namespace behind others of the stack in their order, and
	// `pulumi destroy` would wait for the end of this one before it begins with them.
	After []pulumi.Resource
}

// Destination is a namespace or a range of addresses.
type Destination struct {
	Namespace string // "" for addresses
	CIDR      string // "" for a namespace; such as 10.0.0.0/8
	Port      int    // 0 means any
}

// Credentials let the cluster's nodes pull the image.
type Credentials struct {
	Registry pulumi.StringInput // the registry's host, with its port if any
	Username pulumi.StringInput
	Password pulumi.StringInput // kept secret
}

// validate reports every field that is missing or out of range.
func (a *Args) validate() error {
	var problems []error
	require := func(ok bool, problem string) {
		if !ok {
			problems = append(problems, errors.New(problem))
		}
	}
	require(a.Namespace != nil, "Namespace is required")
	require(a.State != nil, "State is required")
	require(a.Image != nil, "Image is required")
	require(a.Replicas >= 0, "Replicas must be 0 or more")
	require(a.Port >= 1 && a.Port <= 65535, "Port must be 1 to 65535")
	require(a.Path != nil, "Path is required")
	require(a.MaxReplicas == 0 || a.Replicas >= 1, "with MaxReplicas, Replicas must be 1 or more")
	require(a.MaxReplicas == 0 || a.MaxReplicas >= a.Replicas, "MaxReplicas must be at least Replicas")
	require(a.MaxReplicas == 0 || a.CPUTarget >= 1, "with MaxReplicas, CPUTarget must be 1 or more")
	require(!a.tls() || a.Host != nil, "TLS needs Host")
	require(a.TLSSecret == nil || a.ClusterIssuer == nil, "TLSSecret and ClusterIssuer exclude each other")
	return errors.Join(problems...)
}

// autoscaled reports whether the replica count is left to an autoscaler.
func (a *Args) autoscaled() bool { return a.MaxReplicas > 0 }

// mostReplicas is how many Pods there may be.
func (a *Args) mostReplicas() int { return max(a.Replicas, a.MaxReplicas) }

// ingress reports whether there is an Ingress. A load balancer of the service's own takes its place, unless something
// says which Ingress is meant: many a cluster has no controller, and on others each Ingress costs money.
func (a *Args) ingress() bool {
	return a.ServiceType != loadBalancer || a.Host != nil || a.IngressClass != nil || a.IngressAddress != nil
}

func (a *Args) tls() bool { return a.TLSSecret != nil || a.ClusterIssuer != nil }

// WebService is the component.
type WebService struct {
	pulumi.ResourceState

	Image          pulumi.StringOutput `pulumi:"image"`          // what runs, by digest
	Namespace      pulumi.StringOutput `pulumi:"namespace"`      // where
	Replicas       pulumi.IntOutput    `pulumi:"replicas"`       // how many Pods, at least
	URL            pulumi.StringOutput `pulumi:"url"`            // for clients outside the cluster, through the Ingress if there is one
	Try            pulumi.StringOutput `pulumi:"try"`            // a shell command that asks the URL, also where the host name does not resolve
	ServiceAddress pulumi.StringOutput `pulumi:"serviceAddress"` // host:port of the Service, without the Ingress

	NamespaceUID pulumi.StringOutput // the cluster's id of the namespace; "" in a preview of its creation
}

// New declares the service. Its Deployment and label are called name, its Service name-service, its Ingress
// name-ingress. The error reports every invalid field of args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*WebService, error) {
	if err := args.validate(); err != nil {
		return nil, fmt.Errorf("webservice %q: %w", name, err)
	}
	component := &WebService{}
	if err := ctx.RegisterComponentResource("hello-world:index:WebService", name, component, opts...); err != nil {
		return nil, err
	}

	p := parts{
		ctx: ctx, name: name, args: args, component: component,
		labels: pulumi.StringMap{"app": pulumi.String(name)},
	}
	if err := p.declare(); err != nil {
		return nil, err
	}
	return component, ctx.RegisterResourceOutputs(component, pulumi.Map{
		"image":          component.Image,
		"namespace":      component.Namespace,
		"replicas":       component.Replicas,
		"url":            component.URL,
		"try":            component.Try,
		"serviceAddress": component.ServiceAddress,
	})
}

// parts declares the objects of one service, each in the file of its name.
type parts struct {
	ctx       *pulumi.Context
	name      string
	args      *Args
	component *WebService
	labels    pulumi.StringMap        // select the Pods
	namespace pulumi.StringOutput     // known once the namespace exists, so whatever uses it waits for that
	opts      []pulumi.ResourceOption // of every object in the namespace
}

func (p *parts) declare() error {
	component := p.component
	made, err := namespace.New(p.ctx, p.name, p.args.Namespace, p.args.State, p.args.NamespaceLabels, pulumi.Parent(component), pulumi.DependsOn(p.args.After))
	if err != nil {
		return err
	}
	p.namespace = made.Metadata.Name().Elem()
	// Deleting the namespace deletes what is in it, so that `pulumi destroy` need not do it one by one.
	p.opts = []pulumi.ResourceOption{pulumi.Parent(component), pulumi.DeletedWith(made)}

	if err := p.declareNetworkPolicy(); err != nil {
		return err
	}
	if err := p.declareDisruptionBudget(); err != nil {
		return err
	}
	pullSecrets, err := p.declarePullSecret()
	if err != nil {
		return err
	}
	secrets, err := p.declareSecrets()
	if err != nil {
		return err
	}
	deployment, err := p.declareDeployment(pullSecrets, secrets)
	if err != nil {
		return err
	}
	p.explainLateRollout(deployment)
	service, err := p.declareService(deployment)
	if err != nil {
		return err
	}
	if err := p.declareAutoscaler(deployment); err != nil {
		return err
	}
	component.ServiceAddress = serviceAddress(service)
	address, err := p.declareIngress(service)
	if err != nil {
		return err
	}

	component.Image = deployment.Spec.Template().Spec().Containers().Index(pulumi.Int(0)).Image().Elem()
	component.Namespace = p.namespace
	component.NamespaceUID = namespace.UID(made)
	component.Replicas = p.replicas(deployment)
	component.URL, component.Try = p.urls(address)
	return nil
}

// metadata names an object of the namespace.
func (p *parts) metadata(name string, annotations pulumi.StringMap) *metav1.ObjectMetaArgs {
	return &metav1.ObjectMetaArgs{
		Name:        pulumi.String(name),
		Namespace:   p.namespace,
		Labels:      p.labels,
		Annotations: object.Annotations(annotations),
	}
}

// with returns the options of every object, and further ones.
func (p *parts) with(opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append(p.opts[:len(p.opts):len(p.opts)], opts...)
}
