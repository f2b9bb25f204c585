// Package namespace makes namespaces of a stack's own: `pulumi destroy` deletes them with all that is in them.
package namespace

import (
	"crypto/rand"
	"maps"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"

	"example.com/hello-world/infra/internal/object"
)

// OwnerAnnotation names the stack that made a namespace, as [Owner] gives it.
const OwnerAnnotation = "hello-world/stack"

// StateAnnotation says which state of that stack has the namespace: the id that [State] gives. Two people, or two checkouts,
// can have stacks of one name; and a state can be lost.
const StateAnnotation = "hello-world/state"

// Released is the value of [StateAnnotation] with which people let the next state that updates the stack have the namespace.
const Released = "released"

// ServiceAnnotation names what the namespace was made for, such as the service.
const ServiceAnnotation = "hello-world/service"

// GivenAnnotation names the stack that an administrator made the namespace for, or is "all". The stack then owns what it puts
// there, and not the namespace.
const GivenAnnotation = "hello-world/given-to"

// Owner returns the full name of the running stack, such as organization/project/stack.
func Owner(ctx *pulumi.Context) string {
	return ctx.Organization() + "/" + ctx.Project() + "/" + ctx.Stack()
}

// State returns the id of the stack's state, to declare things with and to ask the cluster about them. It is made up once, and
// then kept in the state. A preview before that makes one up too: with an unknown one, it could not ask about anything in the
// namespaces.
func State(ctx *pulumi.Context) (state pulumi.StringOutput, id string, err error) {
	madeUp := pulumi.String(strings.ToLower(rand.Text()))
	stash, err := pulumi.NewStash(ctx, "state", &pulumi.StashArgs{Input: madeUp}, pulumi.IgnoreChanges([]string{"input"}))
	if err != nil {
		return state, "", err
	}
	state = stash.Output.ApplyT(func(kept any) pulumi.StringOutput {
		if kept == "its id tells this state from others" { // as it was at first
			return stash.ID().ToStringOutput()
		}
		return pulumi.Sprintf("%s", kept)
	}).(pulumi.StringOutput)
	known, err := internals.UnsafeAwaitOutput(ctx.Context(), state)
	if err != nil {
		return state, "", err
	}
	return state, known.Value.(string), nil
}

// declare declares a namespace that refuses every Pod that falls short of the restricted Pod Security Standard, whoever
// creates it.
func declare(ctx *pulumi.Context, resource string, args Args, opts ...pulumi.ResourceOption) (*corev1.Namespace, error) {
	all := pulumi.StringMap{}
	maps.Copy(all, args.Further)
	for _, mode := range []string{"enforce", "warn", "audit"} {
		all["pod-security.kubernetes.io/"+mode] = pulumi.String("restricted")
	}
	annotations := object.Annotations(marks(ctx, args.State))
	annotations[ServiceAnnotation] = pulumi.String(resource)
	return corev1.NewNamespace(ctx, resource, &corev1.NamespaceArgs{
		Metadata: &metav1.ObjectMetaArgs{Name: args.Name.ToStringOutput(), Annotations: annotations, Labels: all},
	}, opts...)
}

// marks are the annotations that say whose an object is.
func marks(ctx *pulumi.Context, state pulumi.StringInput) pulumi.StringMap {
	all := pulumi.StringMap{OwnerAnnotation: pulumi.String(Owner(ctx))}
	if state != nil {
		all[StateAnnotation] = state.ToStringOutput()
	}
	return all
}

// uid returns the cluster's id of the namespace; "" in a preview of its creation, for which the cluster makes one up but
// stores nothing, so that there is no resource version.
func uid(made *corev1.Namespace) pulumi.StringOutput {
	return made.Metadata.ApplyT(func(metadata metav1.ObjectMeta) string {
		if metadata.Uid == nil || metadata.ResourceVersion == nil {
			return ""
		}
		return *metadata.Uid
	}).(pulumi.StringOutput)
}

// owns returns the owner reference with which a cluster-scoped object goes away with the namespace.
func owns(made *corev1.Namespace) metav1.OwnerReferenceArray {
	return metav1.OwnerReferenceArray{&metav1.OwnerReferenceArgs{
		ApiVersion: pulumi.String("v1"),
		Kind:       pulumi.String("Namespace"),
		Name:       made.Metadata.Name().Elem(),
		Uid:        made.Metadata.Uid().Elem(),
		// The namespace stays until the object is gone.
		BlockOwnerDeletion: pulumi.Bool(true),
	}}
}
