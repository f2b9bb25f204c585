package webservice

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	policyv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/policy/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// declareDisruptionBudget has nodes drained one Pod at a time. A single Pod gets none: a budget could only keep its
// node from being drained at all.
func (p *parts) declareDisruptionBudget() error {
	if p.args.mostReplicas() < 2 {
		return nil
	}
	_, err := policyv1.NewPodDisruptionBudget(p.ctx, p.name, &policyv1.PodDisruptionBudgetArgs{
		Metadata: p.Metadata(p.name, nil),
		Spec: &policyv1.PodDisruptionBudgetSpecArgs{
			MaxUnavailable: pulumi.Int(1),
			Selector:       &metav1.LabelSelectorArgs{MatchLabels: p.labels},
			// A Pod that is broken anyway must not hold up a drain.
			UnhealthyPodEvictionPolicy: pulumi.String("AlwaysAllow"),
		},
	}, p.With()...)
	return err
}
