package headlamp

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// declareNetworkPolicy admits the Ingress controller, or everyone if that is unknown, as a rule without From does. It does
// not limit where the Pod connects to: no policy can name the one place that it needs, the cluster's API.
func (p *parts) declareNetworkPolicy() error {
	_, err := networkingv1.NewNetworkPolicy(p.ctx, name, &networkingv1.NetworkPolicyArgs{
		Metadata: p.Metadata(name, nil),
		Spec: &networkingv1.NetworkPolicySpecArgs{
			PodSelector: &metav1.LabelSelectorArgs{MatchLabels: labels},
			PolicyTypes: pulumi.ToStringArray([]string{"Ingress"}),
			Ingress: networkingv1.NetworkPolicyIngressRuleArray{&networkingv1.NetworkPolicyIngressRuleArgs{
				From: p.args.IngressFrom,
				Ports: networkingv1.NetworkPolicyPortArray{
					&networkingv1.NetworkPolicyPortArgs{Protocol: pulumi.String("TCP"), Port: pulumi.Int(port)},
				},
			}},
		},
	}, p.With()...)
	return err
}
