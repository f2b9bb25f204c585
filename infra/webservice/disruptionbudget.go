package webservice

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	policyv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/policy/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// declareDisruptionBudget makes a node's draining evict one Pod at a time. A single Pod gets no budget, which could only
// block the draining.
func (p *parts) declareDisruptionBudget() error {
	if p.args.mostReplicas() < 2 {
		return nil
	}
	_, err := policyv1.NewPodDisruptionBudget(p.ctx, p.name, &policyv1.PodDisruptionBudgetArgs{
		Metadata: p.Metadata(p.name, nil),
		Spec: &policyv1.PodDisruptionBudgetSpecArgs{
			MaxUnavailable: pulumi.Int(1),
			Selector:       &metav1.LabelSelectorArgs{MatchLabels: p.labels},
			// A broken Pod must not hold up the draining.
			UnhealthyPodEvictionPolicy: pulumi.String("AlwaysAllow"),
		},
	}, p.With()...)
	return err
}
