package traefik

import (
	"strconv"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/monitoring"
)

// MetricsFrom says who may read the controller's metrics: requests, errors and durations of each route.
type MetricsFrom struct {
	Namespace  string            // of Prometheus
	ByOperator bool              // a PodMonitor tells where they are; otherwise annotations of the Pods do
	Labels     map[string]string // of the PodMonitor
}

const (
	metrics     = "metrics" // the entry point, and the container's port
	metricsPort = 9100
)

// metricsFlags turn the metrics on. Its routers count what clients got; an attempt that was repeated does not count.
func (p *parts) metricsFlags() []string {
	if p.args.MetricsFrom == nil {
		return nil
	}
	return []string{
		"--entrypoints." + metrics + ".address=:" + strconv.Itoa(metricsPort),
		"--metrics.prometheus=true",
		"--metrics.prometheus.entrypoint=" + metrics,
		"--metrics.prometheus.addrouterslabels=true",
		"--metrics.prometheus.addserviceslabels=false",
		"--metrics.prometheus.addentrypointslabels=false",
		"--metrics.prometheus.buckets=0.001,0.0025,0.005,0.01,0.025,0.05,0.1,0.25,0.5,1,2.5,5,10,30",
	}
}

func (p *parts) metricsPorts() (ports corev1.ContainerPortArray) {
	if p.args.MetricsFrom != nil {
		ports = append(ports, &corev1.ContainerPortArgs{Name: pulumi.String(metrics), ContainerPort: pulumi.Int(metricsPort)})
	}
	return ports
}

func (p *parts) metricsAnnotations() pulumi.StringMapInput {
	if p.args.MetricsFrom == nil || p.args.MetricsFrom.ByOperator {
		return nil
	}
	return pulumi.ToStringMap(map[string]string{
		"prometheus.io/scrape": "true", "prometheus.io/port": strconv.Itoa(metricsPort), "prometheus.io/path": "/metrics",
	})
}

// declareMetrics tells Prometheus where the metrics are, and shuts them to everybody else. All other ports stay open to
// everyone.
func (p *parts) declareMetrics() error {
	from := p.args.MetricsFrom
	if from == nil {
		return nil
	}
	ports := func(names ...string) (all networkingv1.NetworkPolicyPortArray) {
		for _, name := range names {
			all = append(all, &networkingv1.NetworkPolicyPortArgs{Protocol: pulumi.String("TCP"), Port: pulumi.String(name)})
		}
		return all
	}
	if _, err := networkingv1.NewNetworkPolicy(p.ctx, name+"-metrics", &networkingv1.NetworkPolicyArgs{
		Metadata: p.Metadata(name+"-metrics", nil),
		Spec: &networkingv1.NetworkPolicySpecArgs{
			PodSelector: &metav1.LabelSelectorArgs{MatchLabels: labels},
			PolicyTypes: pulumi.ToStringArray([]string{"Ingress"}),
			Ingress: networkingv1.NetworkPolicyIngressRuleArray{
				&networkingv1.NetworkPolicyIngressRuleArgs{Ports: ports("web", "websecure", "ping")},
				&networkingv1.NetworkPolicyIngressRuleArgs{Ports: ports(metrics), From: networkingv1.NetworkPolicyPeerArray{
					&networkingv1.NetworkPolicyPeerArgs{NamespaceSelector: &metav1.LabelSelectorArgs{
						MatchLabels: pulumi.StringMap{"kubernetes.io/metadata.name": pulumi.String(from.Namespace)},
					}},
				}},
			},
		},
	}, p.With()...); err != nil || !from.ByOperator {
		return err
	}
	return monitoring.DeclarePodMonitor(p.ctx, place{p}, name, from.Labels, labels, metrics, "/metrics")
}

// place is the namespace, for what other packages declare there.
type place struct{ *parts }

// Metadata returns the metadata of an object of that name.
func (p place) Metadata(name string) *metav1.ObjectMetaArgs { return p.parts.Metadata(name, nil) }

// Options returns the options of every object.
func (p place) Options() []pulumi.ResourceOption { return p.With() }
