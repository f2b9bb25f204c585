package main

import (
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/traefik"
)

// ingress is the way in.
type ingress struct {
	class pulumi.StringPtrInput               // nil: the cluster's default
	from  networkingv1.NetworkPolicyPeerArray // the controller's Pods; nil: unknown
}

// installIngressController installs the controller of the Ingress class, if the configuration says so.
func (s *stack) installIngressController() (ingress, error) {
	if s.Config.InstallsIngressController() {
		controller, err := traefik.New(s.ctx, &traefik.Args{
			Image: s.Images.Pinned(traefik.Image), Class: s.Config.IngressClass, State: s.State,
		}, s.provider)
		if err != nil {
			return ingress{}, err
		}
		s.namespaces[traefik.Namespace] = controller.NamespaceUID
		return ingress{controller.Class, networkingv1.NetworkPolicyPeerArray{traefik.Peer}}, nil
	}
	if s.Config.IngressClass == "" {
		return ingress{}, nil
	}
	return ingress{class: pulumi.String(s.Config.IngressClass)}, nil
}
