package webservice

import (
	"maps"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// declareServiceAccount returns the name of the Pods' account, or nil if they have none.
func (p *parts) declareServiceAccount() (pulumi.StringPtrInput, error) {
	given := p.args.ServiceAccount
	switch {
	case given.Name != nil:
		return given.Name, nil
	case given.Annotations == nil:
		return nil, nil
	}
	account, err := corev1.NewServiceAccount(p.ctx, p.name, &corev1.ServiceAccountArgs{
		Metadata:                     p.Metadata(p.name, given.Annotations),
		AutomountServiceAccountToken: pulumi.Bool(false),
	}, p.With()...)
	if err != nil {
		return nil, err
	}
	return account.Metadata.Name(), nil
}

// podLabels returns the labels of the Pods. Azure gives an identity only to Pods that ask for it.
func (p *parts) podLabels() pulumi.StringMap {
	labels := maps.Clone(p.labels)
	if p.account != nil {
		labels["azure.workload.identity/use"] = pulumi.String("true")
	}
	return labels
}
