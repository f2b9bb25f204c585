package namespace

import (
	"maps"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/object"
)

// Scope is a namespace in which a component declares its objects. They go away with the namespace.
type Scope struct {
	Namespace pulumi.StringOutput // known once the namespace exists, so that its users wait for it
	UID       pulumi.StringOutput // the cluster's id of the namespace; "" in a preview of its creation

	ctx    *pulumi.Context
	made   *corev1.Namespace // nil if it was given
	after  []pulumi.Resource // what the objects wait for, if the namespace does not
	marks  pulumi.StringMap  // annotations that say whose the objects are, if the namespace does not
	labels pulumi.StringMap
	opts   []pulumi.ResourceOption
}

// Args says which namespace a component has.
type Args struct {
	Component pulumi.Resource    // required; the parent of all objects
	Name      pulumi.StringInput // required
	State     pulumi.StringInput // the id that [State] gives; nil means that nothing says which state has the namespace
	Labels    pulumi.StringMap   // of all objects but the namespace
	Further   pulumi.StringMap   // labels of the namespace
	Given     bool               // the namespace is there, and stays
	After     []pulumi.Resource  // what must exist before the namespace
}

// NewScope declares the namespace. Its deletion deletes what is in it, so `pulumi destroy` need not delete that one by one.
func NewScope(ctx *pulumi.Context, resource string, args Args) (*Scope, error) {
	if args.Given {
		given := Scope{Namespace: args.Name.ToStringOutput(), UID: pulumi.String("").ToStringOutput(), ctx: ctx, after: args.After, marks: marks(ctx, args.State)}
		return given.Beside(args.Component, args.Labels), nil
	}
	made, err := declare(ctx, resource, args, pulumi.Parent(args.Component), pulumi.DependsOn(args.After))
	if err != nil {
		return nil, err
	}
	first := Scope{Namespace: made.Metadata.Name().Elem(), UID: uid(made), ctx: ctx, made: made}
	return first.Beside(args.Component, args.Labels), nil
}

// Beside is the same namespace for another component, whose objects have labels of their own.
func (s *Scope) Beside(component pulumi.Resource, labels pulumi.StringMap) *Scope {
	beside := *s
	beside.labels = labels
	beside.opts = []pulumi.ResourceOption{pulumi.Parent(component), pulumi.DependsOn(s.after)}
	if s.made != nil {
		beside.opts = append(beside.opts, pulumi.DeletedWith(s.made))
	}
	return &beside
}

// Metadata returns the metadata of an object in the namespace.
func (s *Scope) Metadata(name string, annotations pulumi.StringMap) *metav1.ObjectMetaArgs {
	all := object.Annotations(annotations)
	maps.Copy(all, s.marks)
	return &metav1.ObjectMetaArgs{Name: pulumi.String(name), Namespace: s.Namespace, Labels: s.labels, Annotations: all}
}

// ClusterScoped returns the metadata of a cluster-scoped object, such as a ClusterRole. The cluster deletes the
// object with the namespace, so an interrupted `pulumi destroy` leaves nothing half deleted but namespaces.
func (s *Scope) ClusterScoped(name string) *metav1.ObjectMetaArgs {
	return &metav1.ObjectMetaArgs{
		Name: pulumi.String(name), Labels: s.labels, OwnerReferences: owns(s.made), Annotations: object.Annotations(nil),
	}
}

// With returns the options of every object, with further ones.
func (s *Scope) With(opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append(s.opts[:len(s.opts):len(s.opts)], opts...)
}

// Grant gives an account the rights in rules, in the whole cluster.
func (s *Scope) Grant(account *corev1.ServiceAccount, name string, rules rbacv1.PolicyRuleArray) (*rbacv1.ClusterRoleBinding, error) {
	role, err := rbacv1.NewClusterRole(s.ctx, name, &rbacv1.ClusterRoleArgs{Metadata: s.ClusterScoped(name), Rules: rules}, s.opts...)
	if err != nil {
		return nil, err
	}
	return rbacv1.NewClusterRoleBinding(s.ctx, name, &rbacv1.ClusterRoleBindingArgs{
		Metadata: s.ClusterScoped(name),
		RoleRef: &rbacv1.RoleRefArgs{
			ApiGroup: pulumi.String("rbac.authorization.k8s.io"),
			Kind:     pulumi.String("ClusterRole"),
			Name:     role.Metadata.Name().Elem(),
		},
		Subjects: rbacv1.SubjectArray{&rbacv1.SubjectArgs{
			Kind:      pulumi.String("ServiceAccount"),
			Name:      account.Metadata.Name().Elem(),
			Namespace: account.Metadata.Namespace(),
		}},
	}, s.opts...)
}

// Rule allows the verbs on resources of an API group.
func Rule(verbs []string, group string, resources ...string) rbacv1.PolicyRuleInput {
	return &rbacv1.PolicyRuleArgs{
		ApiGroups: pulumi.StringArray{pulumi.String(group)},
		Resources: pulumi.ToStringArray(resources),
		Verbs:     pulumi.ToStringArray(verbs),
	}
}
