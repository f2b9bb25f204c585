// Package monitoring declares what lets others watch a service: a dashboard for Grafana, and for the Prometheus operator which
// Pods to read, and when to call somebody. What is called NAME and NAMESPACE in its queries is the service's.
package monitoring

import (
	"maps"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Group is the API group and version of the operator's objects.
const Group = "monitoring.coreos.com/v1"

// Place is where objects are declared, such as beside a service.
type Place interface {
	Metadata(name string) *metav1.ObjectMetaArgs
	Options() []pulumi.ResourceOption
}

// DeclareDashboard declares a dashboard, in a ConfigMap with the label by which the usual sidecar of Grafana finds it.
func DeclareDashboard(ctx *pulumi.Context, in Place, of Service, from ...Origin) error {
	name := of.Name + "-grafana"
	metadata := in.Metadata(name)
	metadata.Labels = with(metadata.Labels, map[string]string{"grafana_dashboard": "1"})
	_, err := corev1.NewConfigMap(ctx, name, &corev1.ConfigMapArgs{
		Metadata: metadata,
		Data:     pulumi.StringMap{of.Namespace + "-" + of.Name + ".json": pulumi.String(dashboard(of, from))},
	}, in.Options()...)
	return err
}

// DeclareRule declares the alerts for the operator. Its Prometheus may select them by labels.
func DeclareRule(ctx *pulumi.Context, in Place, labels map[string]string, of Service, from ...Origin) error {
	return declare(ctx, in, "PrometheusRule", of.Name, labels, RuleFile(of, from...))
}

// DeclarePodMonitor tells the operator that the Pods with the labels have metrics at a path of the port of that name.
func DeclarePodMonitor(ctx *pulumi.Context, in Place, name string, labels map[string]string, pods pulumi.StringMap, port, path string) error {
	return declare(ctx, in, "PodMonitor", name, labels, map[string]any{
		"selector":            map[string]any{"matchLabels": pods},
		"podMetricsEndpoints": []any{map[string]any{"port": port, "path": path}},
	})
}

// declare declares an object of the operator.
func declare(ctx *pulumi.Context, in Place, kind, name string, labels map[string]string, spec map[string]any) error {
	metadata := in.Metadata(name)
	metadata.Labels = with(metadata.Labels, labels)
	_, err := apiextensions.NewCustomResource(ctx, name, &apiextensions.CustomResourceArgs{
		ApiVersion: pulumi.String(Group), Kind: pulumi.String(kind), Metadata: metadata,
		OtherFields: kubernetes.UntypedArgs{"spec": spec},
	}, in.Options()...)
	return err
}

// with adds labels.
func with(labels pulumi.StringMapInput, further map[string]string) pulumi.StringMap {
	all := pulumi.ToStringMap(further)
	own, _ := labels.(pulumi.StringMap)
	maps.Copy(all, own)
	return all
}
