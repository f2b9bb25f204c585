package traefik

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	pingPath = "/ping"
	// readyHost is a host that only the readiness probe asks for.
	readyHost = "ready.traefik.internal"
)

// declareReadiness declares a route from [readyHost] back to the controller's own ping. The ping answers as soon as Traefik
// runs; the route works once Traefik has read its routes from the cluster, so all others work too. Until then clients get
// 404: up to 0.3 s after an ordinary start, and 10 s and more if Traefik starts before the cluster's API, as it may when a
// machine boots.
//
// The next probe never reuses the connection to the ping. Until a node knows a Service, its address leads out of the cluster,
// and after a restart it may lead to a Pod that got the address of one of ours. Whatever accepts the connection there, as
// some networks' proxies accept every one, would answer for good.
func (p *parts) declareReadiness() (toPing *corev1.Service, route *networkingv1.Ingress, err error) {
	const name = name + "-ready"
	annotated := func(annotations pulumi.StringMap) *metav1.ObjectMetaArgs {
		annotations["pulumi.com/skipAwait"] = pulumi.String("true") // both exist before the Pods that they lead to
		return p.Metadata(name, annotations)
	}
	toPing, err = corev1.NewService(p.ctx, name, &corev1.ServiceArgs{
		Metadata: annotated(pulumi.StringMap{
			// Use the Service's address: by default, Traefik asks no Pod that is not ready yet.
			"traefik.ingress.kubernetes.io/service.nativelb":         pulumi.String("true"),
			"traefik.ingress.kubernetes.io/service.serverstransport": pulumi.String("fresh@file"),
		}),
		Spec: &corev1.ServiceSpecArgs{
			Selector:                 labels,
			PublishNotReadyAddresses: pulumi.Bool(true), // they must answer to become ready
			Ports: corev1.ServicePortArray{&corev1.ServicePortArgs{
				Name: pulumi.String("ping"), Port: pulumi.Int(pingPort), TargetPort: pulumi.String("ping"),
			}},
		},
	}, p.With()...)
	if err != nil {
		return nil, nil, err
	}
	route, err = networkingv1.NewIngress(p.ctx, name, &networkingv1.IngressArgs{
		Metadata: annotated(pulumi.StringMap{}),
		Spec: &networkingv1.IngressSpecArgs{
			IngressClassName: pulumi.String(p.args.Class),
			Rules: networkingv1.IngressRuleArray{&networkingv1.IngressRuleArgs{
				Host: pulumi.String(readyHost),
				Http: &networkingv1.HTTPIngressRuleValueArgs{Paths: networkingv1.HTTPIngressPathArray{
					&networkingv1.HTTPIngressPathArgs{
						Path:     pulumi.String(pingPath),
						PathType: pulumi.String("Exact"),
						Backend: &networkingv1.IngressBackendArgs{Service: &networkingv1.IngressServiceBackendArgs{
							Name: toPing.Metadata.Name().Elem(),
							Port: &networkingv1.ServiceBackendPortArgs{Name: pulumi.String("ping")},
						}},
					},
				}},
			}},
		},
	}, p.With()...)
	return toPing, route, err
}
