package traefik

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// declareNetworkPolicy lets the controller connect to Pods, to DNS and to the cluster's API, and to nothing else. Everybody may come in.
//
// A Service that was made a moment ago is no more than an address until every node knows it. What is sent there goes out of
// the cluster, and where somebody answers, such as a proxy that takes every connection, or a machine of the local network
// with that address, requests would go there for as long as the connection is kept. So they fail at once, and are repeated.
func (p *parts) declareNetworkPolicy() (*networkingv1.NetworkPolicy, error) {
	return networkingv1.NewNetworkPolicy(p.ctx, name, &networkingv1.NetworkPolicyArgs{
		Metadata: p.Metadata(name, nil),
		Spec: &networkingv1.NetworkPolicySpecArgs{
			PodSelector: &metav1.LabelSelectorArgs{MatchLabels: labels},
			PolicyTypes: pulumi.ToStringArray([]string{"Egress"}),
			Egress: networkingv1.NetworkPolicyEgressRuleArray{
				&networkingv1.NetworkPolicyEgressRuleArgs{To: networkingv1.NetworkPolicyPeerArray{
					&networkingv1.NetworkPolicyPeerArgs{NamespaceSelector: &metav1.LabelSelectorArgs{}}, // the Pods of all
				}},
				&networkingv1.NetworkPolicyEgressRuleArgs{Ports: networkingv1.NetworkPolicyPortArray{
					&networkingv1.NetworkPolicyPortArgs{Protocol: pulumi.String("TCP"), Port: pulumi.Int(apiPort)},
				}},
			},
		},
	}, p.With()...)
}

// apiPort is where kind's control plane has the cluster's API. A policy sees it by that, and not by the Service in front.
const apiPort = 6443
