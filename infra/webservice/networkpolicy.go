package webservice

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// declareNetworkPolicy lets in the Ingress controller and the Pods of the namespace, on the server's port only. Nothing
// leads to the admin port: the probes come from the node, which a policy never shuts out. Nothing leads out, since the
// server opens no connection.
func (p *parts) declareNetworkPolicy() error {
	rule := &networkingv1.NetworkPolicyIngressRuleArgs{
		Ports: networkingv1.NetworkPolicyPortArray{
			// By its name, which is right for the Pods of every version while one replaces another that has another port.
			&networkingv1.NetworkPolicyPortArgs{Protocol: pulumi.String("TCP"), Port: pulumi.String("http")},
		},
	}
	// A NodePort and a load balancer are for clients anywhere. A rule without From lets in everybody.
	if p.args.IngressFrom != nil && p.serviceType() == "ClusterIP" {
		sameNamespace := networkingv1.NetworkPolicyPeerArgs{PodSelector: &metav1.LabelSelectorArgs{}}
		rule.From = append(networkingv1.NetworkPolicyPeerArray{sameNamespace}, p.args.IngressFrom...)
	}
	_, err := networkingv1.NewNetworkPolicy(p.ctx, p.name, &networkingv1.NetworkPolicyArgs{
		Metadata: p.metadata(p.name, nil),
		Spec: &networkingv1.NetworkPolicySpecArgs{
			PodSelector: &metav1.LabelSelectorArgs{MatchLabels: p.labels},
			PolicyTypes: pulumi.ToStringArray([]string{"Ingress", "Egress"}),
			Ingress:     networkingv1.NetworkPolicyIngressRuleArray{rule},
		},
	}, p.opts...)
	return err
}
