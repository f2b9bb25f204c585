// Package webservice is an HTTP server on Kubernetes as one Pulumi component: a namespace with a Deployment, a
// Service, an Ingress or an HTTPRoute, and what keeps them safe and available. Any Pulumi program can use it, as the example shows.
//
// The server follows a contract. From its environment, it reads PORT, ADMIN_PORT and BASE_PATH; POD_NAME, NODE_NAME and
// POD_IP; and DRAIN_DELAY and SHUTDOWN_TIMEOUT, both Go durations. It answers /healthz and /readyz on the admin port, and is
// ready only after it has answered a request of its own: a version that fails at its first request then never gets a user's.
// On SIGTERM it keeps serving for the drain delay, and then has the shutdown timeout for the requests in flight.
//
// A server that does not know the contract gets a HealthPath, and its probes ask the port that it serves on.
package webservice

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/namespace"
)

// WebService is the component.
type WebService struct {
	pulumi.ResourceState

	Image          pulumi.StringOutput `pulumi:"image"`          // what runs, by digest
	Namespace      pulumi.StringOutput `pulumi:"namespace"`      // where it runs
	Replicas       pulumi.IntOutput    `pulumi:"replicas"`       // how many Pods, at least
	URL            pulumi.StringOutput `pulumi:"url"`            // for clients outside the cluster, through the Ingress if there is one
	Try            pulumi.StringOutput `pulumi:"try"`            // a shell command that asks the URL, even if the host name does not resolve
	ServiceAddress pulumi.StringOutput `pulumi:"serviceAddress"` // host:port of the Service, without the Ingress

	MetricsPort string // the name of the Pods' port with the server's metrics; "" if nobody may read them

	NamespaceUID pulumi.StringOutput // the cluster's id of the namespace; "" in a preview of its creation

	scope *namespace.Scope
}

// New declares the service. Its Deployment and label are called name, its Service name-service, and its Ingress
// name-ingress. The error names every invalid field of args.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*WebService, error) {
	args = args.withDefaults()
	if err := args.validate(); err != nil {
		return nil, fmt.Errorf("webservice %q: %w", name, err)
	}
	component := &WebService{}
	if err := ctx.RegisterComponentResource("hello-world:index:WebService", name, component, opts...); err != nil {
		return nil, err
	}

	labels := pulumi.StringMap{"app": pulumi.String(name)}
	if args.Beside != nil {
		component.scope = args.Beside.scope.Beside(component, labels)
	} else {
		scope, err := namespace.NewScope(ctx, name, namespace.Args{
			Component: component, Name: args.Namespace, State: args.State, Labels: labels, Further: args.NamespaceLabels, After: args.After,
			Given: args.Given,
		})
		if err != nil {
			return nil, err
		}
		component.scope = scope
	}
	p := parts{Scope: component.scope, ctx: ctx, name: name, args: args, component: component, labels: labels}
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

// Metadata returns the metadata of an object of one's own, in the service's namespace.
func (w *WebService) Metadata(name string) *metav1.ObjectMetaArgs {
	return w.scope.Beside(w, nil).Metadata(name, nil)
}

// Options returns the options of such an object: it belongs to the component, and goes with the namespace.
func (w *WebService) Options() []pulumi.ResourceOption { return w.scope.With() }

// parts declares the objects of one service, each in the file of its name.
type parts struct {
	*namespace.Scope
	ctx       *pulumi.Context
	name      string
	args      *Args
	component *WebService
	labels    pulumi.StringMap // select the Pods
	worker    *Worker          // nil: the server

	// What all Pods have in common; each may be nil.
	pullSecrets corev1.LocalObjectReferenceArray
	secrets     *corev1.Secret
	account     pulumi.StringPtrInput
}

func (p *parts) declare() error {
	component := p.component
	if err := p.declareNetworkPolicy(); err != nil {
		return err
	}
	if err := p.declareOneOffPolicies(); err != nil {
		return err
	}
	if err := p.declareDisruptionBudget(); err != nil {
		return err
	}
	var err error
	if p.pullSecrets, err = p.declarePullSecret(); err != nil {
		return err
	}
	if p.secrets, err = p.declareSecrets(); err != nil {
		return err
	}
	if p.account, err = p.declareServiceAccount(); err != nil {
		return err
	}
	if err := p.declareVolume(); err != nil {
		return err
	}
	deployment, err := p.declareDeployment()
	if err != nil {
		return err
	}
	rolledOut := p.rolledOut(deployment)
	service, err := p.declareService(rolledOut)
	if err != nil {
		return err
	}
	if err := p.declareAutoscaler(deployment, rolledOut); err != nil {
		return err
	}
	if err := p.declareFallback(service); err != nil {
		return err
	}
	allRolledOut, err := p.declareWorkers(rolledOut)
	if err != nil {
		return err
	}
	if err := p.declareJobs(allRolledOut); err != nil {
		return err
	}
	component.ServiceAddress = serviceAddress(service)
	address, err := p.declareWayIn(service)
	if err != nil {
		return err
	}

	component.Image = deployment.Spec.Template().Spec().Containers().Index(pulumi.Int(0)).Image().Elem()
	component.Namespace = p.Namespace
	component.NamespaceUID = p.UID
	component.MetricsPort, _ = p.metricsPort()
	component.Replicas = p.replicas(deployment)
	component.URL, component.Try = p.urls(address)
	return nil
}
