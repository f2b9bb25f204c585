// Package namespace makes namespaces that are a stack's own: `pulumi destroy` deletes them with all that is in them.
package namespace

import (
	"maps"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/object"
)

// OwnerAnnotation says whose a namespace is: the full name of the stack that made it, as [Owner] gives it.
const OwnerAnnotation = "hello-world/stack"

// StateAnnotation says which state of that stack has it: the id that [State] gives. Two people's stacks, and those of two
// checkouts, can have one name; and a state can be lost.
const StateAnnotation = "hello-world/state"

// TakenOverAnnotation says, for people, who took the namespace over from another state and when, if anybody did.
const TakenOverAnnotation = "hello-world/taken-over"

// Owner is the full name of the running stack, such as organization/project/stack.
func Owner(ctx *pulumi.Context) string {
	return ctx.Organization() + "/" + ctx.Project() + "/" + ctx.Stack()
}

// State makes up an id when the stack's state begins, which then stays in it. It is unknown in a preview before that.
func State(ctx *pulumi.Context) (pulumi.IDOutput, error) {
	stash, err := pulumi.NewStash(ctx, "state", &pulumi.StashArgs{Input: pulumi.String("its id tells this state from others")})
	if err != nil {
		return pulumi.IDOutput{}, err
	}
	return stash.ID(), nil
}

// declare makes the cluster refuse whatever in the namespace falls short of the restricted Pod Security Standard, whoever
// creates it.
func declare(ctx *pulumi.Context, resource string, args Args, opts ...pulumi.ResourceOption) (*corev1.Namespace, error) {
	all := pulumi.StringMap{}
	maps.Copy(all, args.Further)
	for _, mode := range []string{"enforce", "warn", "audit"} {
		all["pod-security.kubernetes.io/"+mode] = pulumi.String("restricted")
	}
	return corev1.NewNamespace(ctx, resource, &corev1.NamespaceArgs{
		Metadata: &metav1.ObjectMetaArgs{
			Name: args.Name.ToStringOutput(),
			Annotations: object.Annotations(pulumi.StringMap{
				OwnerAnnotation: pulumi.String(Owner(ctx)),
				StateAnnotation: args.State.ToStringOutput(),
			}),
			Labels: all,
		},
	}, opts...)
}

// uid is the cluster's id of the namespace; "" in a preview of its creation, where the cluster makes one up. What is not
// stored has no version.
func uid(made *corev1.Namespace) pulumi.StringOutput {
	return made.Metadata.ApplyT(func(metadata metav1.ObjectMeta) string {
		if metadata.Uid == nil || metadata.ResourceVersion == nil {
			return ""
		}
		return *metadata.Uid
	}).(pulumi.StringOutput)
}

// owns makes an object outside of all namespaces go with the namespace.
func owns(made *corev1.Namespace) metav1.OwnerReferenceArray {
	return metav1.OwnerReferenceArray{&metav1.OwnerReferenceArgs{
		ApiVersion: pulumi.String("v1"),
		Kind:       pulumi.String("Namespace"),
		Name:       made.Metadata.Name().Elem(),
		Uid:        made.Metadata.Uid().Elem(),
		// The namespace is gone once the object is.
		BlockOwnerDeletion: pulumi.Bool(true),
	}}
}
