package main

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/object"
)

// guard declares what `pulumi destroy` deletes first: an object that bears the state's id. A kind cluster refuses that once
// another state has taken the namespace over (cluster/superseded.yaml), and then nothing else is deleted either.
func (s *stack) guard(namespace pulumi.StringInput, provider pulumi.ResourceOption) error {
	before := pulumi.StringMap{} // what is named here is deleted after this
	for name, uid := range s.namespaces {
		before[name] = uid
	}
	_, err := corev1.NewConfigMap(s.ctx, "guard", &corev1.ConfigMapArgs{
		Metadata: &metav1.ObjectMetaArgs{
			Name:        pulumi.Sprintf("state-%s", s.state),
			Namespace:   namespace.ToStringOutput(),
			Labels:      pulumi.StringMap{"hello-world/guard": pulumi.String("true")},
			Annotations: object.Annotations(nil),
		},
		Data: before,
	}, provider)
	return err
}
