package main

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/object"
)

// guard declares an object with the state's id, which `pulumi destroy` deletes first. If another state has taken the
// namespace over, a kind cluster refuses to delete it (ship/cluster/superseded.yaml), so that nothing else is deleted either.
func (s *stack) guard(namespace pulumi.StringInput, provider pulumi.ResourceOption) error {
	before := pulumi.StringMap{} // its inputs, so that the namespaces are deleted after this
	for name, uid := range s.namespaces {
		before[name] = uid
	}
	_, err := corev1.NewConfigMap(s.ctx, "guard", &corev1.ConfigMapArgs{
		Metadata: &metav1.ObjectMetaArgs{
			Name:        pulumi.Sprintf("state-%s", s.State),
			Namespace:   namespace.ToStringOutput(),
			Labels:      pulumi.StringMap{"hello-world/guard": pulumi.String("true")},
			Annotations: object.Annotations(nil),
		},
		Data: before,
	}, provider)
	return err
}
