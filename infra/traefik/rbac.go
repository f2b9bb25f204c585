package traefik

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// grant lets the account do what Traefik's Ingress provider does: watch what it routes to, in every namespace since an
// Ingress may be in any, and write where an Ingress is served into its status.
func grant(
	ctx *pulumi.Context, account *corev1.ServiceAccount, metadata *metav1.ObjectMetaArgs, opts ...pulumi.ResourceOption,
) (*rbacv1.ClusterRoleBinding, error) {
	watch := []string{"list", "watch"}
	role, err := rbacv1.NewClusterRole(ctx, name, &rbacv1.ClusterRoleArgs{
		Metadata: metadata,
		Rules: rbacv1.PolicyRuleArray{
			rule(watch, "", "services", "nodes"),
			rule(watch, "", "secrets"), // the certificates of Ingresses with TLS
			rule(watch, "discovery.k8s.io", "endpointslices"),
			rule(watch, "networking.k8s.io", "ingresses", "ingressclasses"),
			rule([]string{"update"}, "networking.k8s.io", "ingresses/status"),
		},
	}, opts...)
	if err != nil {
		return nil, err
	}
	return rbacv1.NewClusterRoleBinding(ctx, name, &rbacv1.ClusterRoleBindingArgs{
		Metadata: metadata,
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
	}, opts...)
}

func rule(verbs []string, group string, resources ...string) rbacv1.PolicyRuleInput {
	return &rbacv1.PolicyRuleArgs{
		ApiGroups: pulumi.StringArray{pulumi.String(group)},
		Resources: pulumi.ToStringArray(resources),
		Verbs:     pulumi.ToStringArray(verbs),
	}
}
