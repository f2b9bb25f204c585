package main

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/object"
)

// guard declares what `pulumi destroy` deletes first: an object that bears the state's id. A kind cluster refuses that once
// another state has taken the namespace over (cluster/superseded.yaml), and then nothing else is deleted either.
func guard(
	ctx *pulumi.Context, state pulumi.IDOutput, namespace pulumi.StringInput, namespaces uids, opts ...pulumi.ResourceOption,
) error {
	before := pulumi.StringMap{} // what is named here is deleted after this
	for name, uid := range namespaces {
		before[name] = uid
	}
	_, err := corev1.NewConfigMap(ctx, "guard", &corev1.ConfigMapArgs{
		Metadata: &metav1.ObjectMetaArgs{
			Name:        pulumi.Sprintf("state-%s", state),
			Namespace:   namespace.ToStringOutput(),
			Labels:      pulumi.StringMap{"hello-world/guard": pulumi.String("true")},
			Annotations: object.Annotations(nil),
		},
		Data: before,
	}, opts...)
	return err
}
