package traefik

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// declareNetworkPolicy lets the controller connect only to Pods, DNS and the cluster's API. It admits everyone.
//
// Until a node knows a new Service, requests to its address leave the cluster. If something answers there, such as a proxy
// that takes every connection, or a machine of the local network with that address, Traefik would send requests there for as
// long as it keeps the connection. With this policy they fail at once, and Traefik repeats them.
func (p *parts) declareNetworkPolicy() (*networkingv1.NetworkPolicy, error) {
	return networkingv1.NewNetworkPolicy(p.ctx, name, &networkingv1.NetworkPolicyArgs{
		Metadata: p.Metadata(name, nil),
		Spec: &networkingv1.NetworkPolicySpecArgs{
			PodSelector: &metav1.LabelSelectorArgs{MatchLabels: labels},
			PolicyTypes: pulumi.ToStringArray([]string{"Egress"}),
			Egress: networkingv1.NetworkPolicyEgressRuleArray{
				&networkingv1.NetworkPolicyEgressRuleArgs{To: networkingv1.NetworkPolicyPeerArray{
					&networkingv1.NetworkPolicyPeerArgs{NamespaceSelector: &metav1.LabelSelectorArgs{}}, // Pods of every namespace
				}},
				&networkingv1.NetworkPolicyEgressRuleArgs{Ports: networkingv1.NetworkPolicyPortArray{
					&networkingv1.NetworkPolicyPortArgs{Protocol: pulumi.String("TCP"), Port: pulumi.Int(apiPort)},
				}},
			},
		},
	}, p.With()...)
}

// apiPort is the port of the cluster's API on kind's control plane. A policy sees this port, not the Service's.
const apiPort = 6443
