package traefik

import (
	"strings"
	"time"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/object"
)

// The container's ports. They are above 1024 because its user may not bind lower ones.
const (
	webPort       = 8000
	websecurePort = 8443
	pingPort      = 9000
)

// replicas is how many Pods route: with one, there would be no way in while it is replaced.
const replicas = 2

// terminationGrace is after how many seconds the kubelet kills a Pod: more than the times below that Traefik takes to stop.
const terminationGrace = 25

// flags returns Traefik's configuration.
func (p *parts) flags() []string {
	all := []string{
		"--providers.kubernetesingress=true",
		"--providers.kubernetesingress.ingressclass=" + p.args.Class,
		// Route /hello and /hello/x for the prefix /hello, as Kubernetes defines it, and not /hellox.
		"--providers.kubernetesingress.strictprefixmatching=true",
		// Answer 503 while no Pod is ready. By default the route goes, and the answer is 404: for crawlers, a page that is
		// gone.
		"--providers.kubernetesingress.allowemptyservices=true",
		// Write this address into an Ingress's status: kind publishes the node's ports there.
		"--providers.kubernetesingress.ingressendpoint.ip=127.0.0.1",

		// Apply changes, such as new and ending Pods, at most this often. The default is every 2 s, which is much of the
		// time that a Pod keeps serving after it is told to stop.
		"--providers.providersthrottleduration=500ms",

		"--entrypoints.web.address=:8000",
		"--entrypoints.websecure.address=:8443",
		"--entrypoints.websecure.http.tls=true",
		"--entrypoints.ping.address=:9000",
		"--ping=true",
		"--ping.entrypoint=ping",
		// Answer 200 also when told to stop: the other Pods' readiness probes reach this one too.
		"--ping.terminatingstatuscode=200",

		"--serverstransport.forwardingtimeouts.dialtimeout=" + dialTimeout,
		"--providers.file.filename=" + dynamicFolder + "/" + dynamicFile,
		"--entrypoints.web.http.middlewares=repeat@file,retry@file",
		"--entrypoints.websecure.http.middlewares=repeat@file,retry@file",

		// An upload may take an hour; by default it would be cut off after a minute.
		"--entrypoints.web.transport.respondingtimeouts.readtimeout=1h",
		"--entrypoints.websecure.transport.respondingtimeouts.readtimeout=1h",

		// When told to stop, accept until the nodes send nothing here any more, then finish what is in flight.
		"--entrypoints.web.transport.lifecycle.requestacceptgracetimeout=10s",
		"--entrypoints.web.transport.lifecycle.gracetimeout=10s",
		"--entrypoints.websecure.transport.lifecycle.requestacceptgracetimeout=10s",
		"--entrypoints.websecure.transport.lifecycle.gracetimeout=10s",

		"--global.checknewversion=false",
		"--global.sendanonymoususage=false",
	}
	if p.args.Gateways {
		all = append(all, gatewayFlags...)
	}
	return all
}

// notApplicable lists the rules of kube-score that do not apply to the controller, and why.
var notApplicable = strings.Join([]string{
	"deployment-has-poddisruptionbudget", // both Pods are on one node: a budget could only block its draining
	"pod-probes-identical",               // they ask different ports, which kube-score tells apart by number only
	"container-image-pull-policy",        // the way in must start even if no registry answers; its tag never moves
}, ",")

// declareDeployment declares the Deployment after before, which its Pods need when they start.
func (p *parts) declareDeployment(
	account *corev1.ServiceAccount, configMap *corev1.ConfigMap, before ...pulumi.Resource,
) (*appsv1.Deployment, error) {
	return appsv1.NewDeployment(p.ctx, name, &appsv1.DeploymentArgs{
		Metadata: p.Metadata(name, pulumi.StringMap{"kube-score/ignore": pulumi.String(notApplicable)}),
		Spec: &appsv1.DeploymentSpecArgs{
			Replicas: pulumi.Int(replicas),
			Selector: &metav1.LabelSelectorArgs{MatchLabels: labels},
			Strategy: &appsv1.DeploymentStrategyArgs{
				Type: pulumi.String("RollingUpdate"),
				RollingUpdate: &appsv1.RollingUpdateDeploymentArgs{
					MaxUnavailable: pulumi.Int(0), MaxSurge: pulumi.Int(1),
				},
			},
			Template: &corev1.PodTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: labels, Annotations: p.metricsAnnotations()},
				Spec: &corev1.PodSpecArgs{
					ServiceAccountName: account.Metadata.Name(),
					EnableServiceLinks: pulumi.Bool(false),

					TerminationGracePeriodSeconds: pulumi.Int(terminationGrace),

					// Only the node whose ports kind publishes: the Service keeps to it too.
					NodeSelector: pulumi.StringMap{"ingress-ready": pulumi.String("true")},
					Tolerations: corev1.TolerationArray{&corev1.TolerationArgs{
						Key:      pulumi.String("node-role.kubernetes.io/control-plane"),
						Operator: pulumi.String("Exists"),
						Effect:   pulumi.String("NoSchedule"),
					}},
					SecurityContext: object.NonRoot(65532, 65532),
					Containers:      corev1.ContainerArray{p.container()},
					Volumes: corev1.VolumeArray{&corev1.VolumeArgs{
						Name:      pulumi.String("dynamic"),
						ConfigMap: &corev1.ConfigMapVolumeSourceArgs{Name: configMap.Metadata.Name()},
					}},
				},
			},
		},
		// The image is large, and the line may be slow.
	}, p.With(pulumi.DependsOn(before), object.Within(5*time.Minute))...)
}

func (p *parts) container() *corev1.ContainerArgs {
	return &corev1.ContainerArgs{
		Name:  pulumi.String(name),
		Image: pulumi.String(p.args.Image),
		Args:  pulumi.ToStringArray(append(p.flags(), p.metricsFlags()...)),
		Ports: append(corev1.ContainerPortArray{
			&corev1.ContainerPortArgs{Name: pulumi.String("web"), ContainerPort: pulumi.Int(webPort)},
			&corev1.ContainerPortArgs{Name: pulumi.String("websecure"), ContainerPort: pulumi.Int(websecurePort)},
			&corev1.ContainerPortArgs{Name: pulumi.String("ping"), ContainerPort: pulumi.Int(pingPort)},
		}, p.metricsPorts()...),
		VolumeMounts: corev1.VolumeMountArray{&corev1.VolumeMountArgs{
			Name: pulumi.String("dynamic"), MountPath: pulumi.String(dynamicFolder), ReadOnly: pulumi.Bool(true),
		}},
		StartupProbe: p.startupProbe(),
		// One late answer on a busy machine must not close the way in.
		ReadinessProbe: throughRoute(object.Probe("web", pingPath, 1, 2, 3), readyHost),
		LivenessProbe:  object.Probe("ping", pingPath, 10, 2, 3),
		Resources: object.Resources(
			object.Amount{Request: "100m", Limit: "2"}, object.Amount{Request: "64Mi", Limit: "256Mi"}, object.Amount{Request: "16Mi", Limit: "64Mi"}),
		SecurityContext: object.Confined(),
	}
}

// startupProbe waits for Traefik or, with a Gateway, until it has read the Gateway's routes. Then the readiness probe waits for the
// Ingresses. The cluster's API may start after Traefik, as when a machine boots: that is no reason for a restart.
func (p *parts) startupProbe() *corev1.ProbeArgs {
	if p.args.Gateways {
		return throughRoute(object.Probe("web", pingPath, 1, 2, 600), gatewayReadyHost)
	}
	return object.Probe("ping", pingPath, 1, 2, 60)
}

// throughRoute makes a probe ask as clients do: see [parts.declareReadiness].
func throughRoute(probe *corev1.ProbeArgs, host string) *corev1.ProbeArgs {
	probe.HttpGet.(*corev1.HTTPGetActionArgs).HttpHeaders = corev1.HTTPHeaderArray{&corev1.HTTPHeaderArgs{
		Name: pulumi.String("Host"), Value: pulumi.String(host),
	}}
	return probe
}
