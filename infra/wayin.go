package main

import (
	"context"
	"time"

	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/types"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/gateway"
	"example.com/hello-world/infra/internal/route"
	"example.com/hello-world/infra/traefik"
	"example.com/hello-world/infra/webservice"
)

// wayIn is what leads clients to the service.
type wayIn struct {
	class   pulumi.StringPtrInput               // of the Ingress; nil: the cluster's default
	gateway *webservice.Gateway                 // nil: an Ingress
	from    networkingv1.NetworkPolicyPeerArray // the controller's Pods; nil: unknown
}

// installController installs the controller behind the way in, if the configuration says so.
func (s *stack) installController() (in wayIn, err error) {
	var installed *traefik.Controller
	if s.Config.InstallsIngressController() {
		installed, err = traefik.New(s.ctx, &traefik.Args{
			Image: s.Images.Pinned(traefik.Image), Class: s.Config.IngressClass, State: s.State, Gateways: s.HasGateways,
			MetricsFrom: controllersMetrics(s.Config.Monitoring),
		}, s.provider)
		if err != nil {
			return in, err
		}
		s.namespaces[traefik.Namespace] = installed.NamespaceUID
		in.from = networkingv1.NetworkPolicyPeerArray{traefik.Peer}
	}
	switch named := s.Config.Gateway; {
	case s.Gateway != nil:
		in.gateway = &webservice.Gateway{
			Gateway: route.Gateway{Namespace: named.Namespace, Name: pulumi.String(named.Name), Listener: named.Listener, Await: s.awaitRoute},
			Port:    s.Gateway.Port, TLS: s.Gateway.TLS, Hostname: s.Gateway.Hostname,
		}
		if installed != nil && named.Of(config.StacksGateway) {
			in.gateway.Name = installed.Gateway
		} else {
			in.from = nil
		}
	case installed != nil:
		in.class = installed.Class
	case s.Config.IngressClass != "":
		in.class = pulumi.String(s.Config.IngressClass)
	}
	return in, nil
}

// behindTraefik reports whether Traefik serves the way in. Its Helm chart calls its classes so, too.
func (s *stack) behindTraefik() bool {
	if s.Gateway != nil {
		return s.Gateway.Traefik
	}
	return s.Config.IngressClass == traefik.ClusterScoped
}

// awaitRoute waits until the Gateway leads to an HTTPRoute, and then moves clients along: see [stack.leave]. If the Gateway does
// not, awaitRoute ends the program, so that the way in that the route replaces stays.
func (s *stack) awaitRoute(ctx context.Context, namespace, name string) (address string, err error) {
	if s.ctx.DryRun() {
		return s.Gateway.Address, nil
	}
	named := s.Config.Gateway
	way := gateway.Way{
		Cluster: s.Cluster, Route: types.NamespacedName{Namespace: namespace, Name: name},
		Gateway: types.NamespacedName{Namespace: named.Namespace, Name: named.Name}, NeedsAddress: s.Config.IngressAddress == "",
	}
	if address, err = way.Await(ctx, time.Duration(s.Config.AddressTimeout)*time.Second); err != nil {
		fail(s.ctx, err, nil)
	}
	if namespace != s.Config.Namespace {
		return address, nil // the dashboard's
	}
	return address, s.leave(ctx)
}
