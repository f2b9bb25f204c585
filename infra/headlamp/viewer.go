package headlamp

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/namespace"
)

// ClusterScoped names the cluster-scoped objects: the Viewer's rights.
const ClusterScoped = name + "-" + Viewer

// shown lists what the Viewer may read, by API group: what the dashboard has pages for, but not Secrets, nor anything that
// leads into a Pod or to a node.
var shown = []struct {
	group     string
	resources []string
}{
	{"", []string{
		"namespaces", "nodes", "pods", "pods/log", "services", "endpoints", "configmaps", "events", "limitranges",
		"persistentvolumeclaims", "persistentvolumes", "replicationcontrollers", "resourcequotas", "serviceaccounts",
	}},
	{"apps", []string{"controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"}},
	{"batch", []string{"cronjobs", "jobs"}},
	{"autoscaling", []string{"horizontalpodautoscalers"}},
	{"policy", []string{"poddisruptionbudgets"}},
	{"networking.k8s.io", []string{"ingresses", "ingressclasses", "networkpolicies"}},
	{"discovery.k8s.io", []string{"endpointslices"}},
	{"coordination.k8s.io", []string{"leases"}},
	{"scheduling.k8s.io", []string{"priorityclasses"}},
	{"node.k8s.io", []string{"runtimeclasses"}},
	{"storage.k8s.io", []string{"storageclasses", "volumeattributesclasses"}},
	{"rbac.authorization.k8s.io", []string{"clusterrolebindings", "clusterroles", "rolebindings", "roles"}},
	{"admissionregistration.k8s.io", []string{"mutatingwebhookconfigurations", "validatingwebhookconfigurations"}},
	{"apiextensions.k8s.io", []string{"customresourcedefinitions"}},
	{"metrics.k8s.io", []string{"nodes", "pods"}},
}

func (p *parts) declareViewer() error {
	account, err := corev1.NewServiceAccount(p.ctx, Viewer, &corev1.ServiceAccountArgs{
		Metadata:                     p.Metadata(Viewer, nil),
		AutomountServiceAccountToken: pulumi.Bool(false),
	}, p.With()...)
	if err != nil {
		return err
	}
	read := []string{"get", "list", "watch"}
	rules := rbacv1.PolicyRuleArray{}
	for _, entry := range shown {
		rules = append(rules, namespace.Rule(read, entry.group, entry.resources...))
	}
	_, err = p.Grant(account, ClusterScoped, rules)
	return err
}
