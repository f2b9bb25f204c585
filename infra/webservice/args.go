package webservice

import (
	"cmp"
	"context"
	"errors"
	"time"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/route"
)

// Args says what to run. A field that decides which objects exist is a plain value, the others are inputs.
type Args struct {
	Namespace pulumi.StringInput // required without Beside; created, and deleted with all that is in it
	Given     bool               // the namespace is there, and is not deleted: the service owns its objects only
	State     pulumi.StringInput // the id of the stack's state, with which the namespace is marked; nil means no mark
	Beside    *WebService        // another service, whose namespace this one shares; nil means a namespace of its own
	Image     pulumi.StringInput // required; a reference by digest, so that what runs is what was declared
	Platform  string             // of the nodes that can run the image, such as linux/amd64; "" means any

	Replicas    int    // how many Pods, 0 or more; with MaxReplicas, how many at least
	MaxReplicas int    // autoscale up to this many Pods, to a CPU use of 70 % of the request; 0 means always Replicas
	Port        int    // required; what the server listens on and the Service exposes, 1 to 65535
	ServiceType string // ClusterIP, NodePort or LoadBalancer; "" means ClusterIP

	Path               pulumi.StringInput    // the prefix that the Ingress routes to the server, such as /hello; nil means that only Pods of the cluster reach it, by its Service
	StripPrefix        bool                  // requests reach the server without Path; an Ingress needs the traefik package's controller for it
	Host               pulumi.StringInput    // the host name that the Ingress routes; nil means any
	IngressClass       pulumi.StringPtrInput // nil means the cluster's default class
	IngressAnnotations pulumi.StringMapInput // added to the Ingress
	IngressAddress     pulumi.StringInput    // host:port where clients reach the Ingress controller; nil means what it reports
	TLSSecret          pulumi.StringInput    // TLS for Host with the certificate in this Secret; nil means none
	ClusterIssuer      pulumi.StringInput    // TLS for Host with a certificate from this cert-manager issuer; nil means none

	// IngressFrom are the Pods that the network policy admits beside those of the namespace: the Ingress controller's. nil
	// means that the controller is unknown, and admits everyone; without a Path, it admits nobody else.
	IngressFrom networkingv1.NetworkPolicyPeerArray

	Gateway       *Gateway // an HTTPRoute joins it, instead of an Ingress; nil means an Ingress
	BehindTraefik bool     // the Ingress or the Gateway is Traefik's

	Env             pulumi.StringMap // further environment variables
	SecretEnv       pulumi.StringMap // secret ones, kept in a Secret
	ExistingSecrets []ExistingSecret // Secrets that are in the namespace already
	ServiceAccount  ServiceAccount   // who the Pods are; the zero value means nobody

	Arguments pulumi.StringArray // of the image's command
	CPU       Amount             // the zero value means 25m, and 1 at most
	Memory    Amount             // the zero value means 32Mi, and 128Mi at most
	Volume    Volume             // files that stay; the zero value means none
	Scratch   string             // the size of a writable /tmp, such as 64Mi; "" means that nothing is writable
	User      int                // the number of the user; 0 means 65532

	// HealthPath is for a server that does not follow the contract: the probes ask for it on Port, and the kubelet waits for
	// DrainTime before it tells the server to stop. The liveness probe asks for LivenessPath; "" means HealthPath.
	HealthPath, LivenessPath string

	// Egress is where the Pods may connect to; nil means anywhere but to clouds' metadata, and empty nowhere.
	Egress []Destination

	Metrics Metrics // who may read the server's metrics, and where; the zero value means nobody

	// RolloutTimeout is how long new Pods may take to get ready, plus a second per Pod; 0 means a minute. After that,
	// `pulumi up` fails, and the old ones keep serving.
	RolloutTimeout time.Duration

	// Workers are further processes of the image, by name, with the server's environment. They roll out after the server.
	Workers map[string]Worker

	// Jobs are commands of the image that run by a schedule, by name, with the server's environment.
	Jobs map[string]Job

	// Migration is what Rollout runs once for each new version. Another one changes the Deployment, but not its Pods.
	Migration string

	// Rollout returns the hooks to run before and after a Deployment changes, and if that fails; nil means none. Pods that it
	// runs have the label hello-world/one-off-of, and may connect to Egress only.
	Rollout func(deployment string) (*pulumi.ResourceHookBinding, error)

	// AwaitRollout waits until the Pods of the Deployment in that namespace are ready; nil leaves it to the Kubernetes
	// provider.
	AwaitRollout func(ctx context.Context, deployment *appsv1.Deployment, namespace, name string, patience time.Duration) error

	// IngressHooks run before and after the Ingress changes; nil means none.
	IngressHooks *pulumi.ResourceHookBinding

	AddressTimeout time.Duration // how long the Ingress or a load balancer may take to get its address; 0 means a minute

	// DrainTime is how long a Pod keeps serving after it is told to stop, for the load balancers and proxies that have not
	// heard yet; 0 means ten seconds. It has to outlast the slowest.
	DrainTime time.Duration

	NamespaceLabels pulumi.StringMap // further labels of the namespace

	PullCredentials *Credentials // for a registry that asks for them; nil means none

	// After must succeed before the namespace is made, so that a failure leaves nothing behind in the cluster. As DependsOn
	// of the component, it would order the namespace after the stack's others, and `pulumi destroy` would delete them only
	// when this one is gone.
	After []pulumi.Resource
}

// Gateway is what an HTTPRoute joins, and how clients reach that.
type Gateway struct {
	route.Gateway
	Port     int    // required; of the listener
	TLS      bool   // the listener's protocol is HTTPS
	Hostname string // the listener's, for the URL if there is no Host; "" means the Gateway's address
}

// ExistingSecret is a Secret whose entries the server gets. Pods that run do not notice a change in their environment.
type ExistingSecret struct {
	Name   pulumi.StringInput // required
	Folder string             // where the entries are files, such as /etc/certificates; "" means environment variables
}

// Volume is files that stay, for one Pod at a time. Pulumi refuses to delete it until `pulumi state unprotect`.
type Volume struct {
	Folder string // where they are, such as /data; "" means that there is no volume
	Size   string // such as 1Gi
}

// ServiceAccount is an account of the cluster, which a cloud may know as one of its own.
type ServiceAccount struct {
	Name        pulumi.StringPtrInput // of one in the namespace; nil for one that is created
	Annotations pulumi.StringMap      // of one that is created; nil means none is
}

// Metrics says where the server has metrics, and who may read them.
type Metrics struct {
	From      pulumi.StringInput // the namespace whose Pods may read them; nil means none
	Port      int                // 0 means the admin port or, with HealthPath, Port
	Path      string             // "" means /metrics
	Annotated bool               // annotations of the Pods tell where, in the usual form
}

// Destination is a namespace or a range of addresses; neither means anywhere. The addresses of clouds' metadata are in no range
// but their own.
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
	require(a.Namespace != nil || a.Beside != nil, "Namespace is required")
	require(a.Beside == nil || a.Namespace == nil && a.State == nil && a.NamespaceLabels == nil, "Beside and Namespace, State or NamespaceLabels exclude each other")
	require(a.Image != nil, "Image is required")
	require(a.Replicas >= 0, "Replicas must be 0 or more")
	require(a.Port >= 1 && a.Port <= 65535, "Port must be 1 to 65535")
	require(!a.internal() || a.Host == nil && a.ServiceType == "ClusterIP", "without Path there is no Host, and ServiceType is ClusterIP")
	require(a.MaxReplicas == 0 || a.Replicas >= 1, "with MaxReplicas, Replicas must be 1 or more")
	require(a.MaxReplicas == 0 || a.MaxReplicas >= a.Replicas, "MaxReplicas must be at least Replicas")
	require(!a.tls() || a.Host != nil, "TLS needs Host")
	require(a.Gateway == nil || !a.internal() && !a.tls() && a.IngressClass == nil, "Gateway needs Path, and no TLS or IngressClass")
	require(a.Volume.Folder == "" || a.mostReplicas() <= 1, "with Volume, Replicas is at most 1")
	for name, worker := range a.Workers {
		require(worker.Replicas >= 0, "Replicas of worker "+name+" must be 0 or more")
	}
	for name, job := range a.Jobs {
		require(job.Schedule != "", "Schedule of job "+name+" is required")
	}
	require(a.TLSSecret == nil || a.ClusterIssuer == nil, "TLSSecret and ClusterIssuer exclude each other")
	return errors.Join(problems...)
}

// withDefaults returns the arguments with what they leave open.
func (a Args) withDefaults() *Args {
	a.ServiceType = cmp.Or(a.ServiceType, "ClusterIP")
	a.CPU = cmp.Or(a.CPU, Amount{Request: "25m", Limit: "1"}) // what the hello server needs
	a.Memory = cmp.Or(a.Memory, Amount{Request: "32Mi", Limit: "128Mi"})
	a.User = cmp.Or(a.User, nonroot)
	a.RolloutTimeout = cmp.Or(a.RolloutTimeout, usualTimeout)
	a.AddressTimeout = cmp.Or(a.AddressTimeout, usualTimeout)
	a.DrainTime = cmp.Or(a.DrainTime, usualDrainTime)
	return &a
}

const (
	// usualDrainTime is enough for Kubernetes itself. On a busy cluster where much changes, it may take four attempts to write
	// the endpoints, with pauses of one, two and four seconds ("informer cache is out of date"); after that, an Ingress
	// controller has to apply the change.
	usualDrainTime = 10 * time.Second

	// usualTimeout is how long `pulumi up` waits for what it changed before it calls that broken.
	usualTimeout = time.Minute

	// nonroot is the user of that name in base images. It has to be a number: a name does not prove to the kubelet that the
	// user is not root.
	nonroot = 65532
)

// autoscaled reports whether an autoscaler sets the replica count.
func (a *Args) autoscaled() bool { return a.MaxReplicas > 0 }

// mostReplicas returns how many Pods there may be.
func (a *Args) mostReplicas() int { return max(a.Replicas, a.MaxReplicas) }

// internal reports whether only Pods of the cluster reach the server.
func (a *Args) internal() bool { return a.Path == nil }

// wayIn reports whether there is an Ingress or an HTTPRoute. A Service of type LoadBalancer replaces it, unless an argument asks
// for one: many clusters have no controller, and on others each Ingress costs money.
func (a *Args) wayIn() bool {
	return !a.internal() && (a.ServiceType != loadBalancer || a.Gateway != nil || a.Host != nil || a.IngressClass != nil || a.IngressAddress != nil)
}

func (a *Args) tls() bool { return a.TLSSecret != nil || a.ClusterIssuer != nil }
