package traefik

import (
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The container's ports. They are above 1024 because its user may not bind lower ones; the node's ports 80 and 443 lead
// to the first two.
const (
	webPort       = 8000
	websecurePort = 8443
	pingPort      = 8080
)

// flags is Traefik's configuration.
func flags(class string) []string {
	return []string{
		"--providers.kubernetesingress=true",
		"--providers.kubernetesingress.ingressclass=" + class,
		// /hello routes /hello and /hello/x, as Kubernetes defines a prefix, and not /hellox.
		"--providers.kubernetesingress.strictprefixmatching=true",
		// Where an Ingress is served, for its status: kind publishes the node's ports on this address of the host.
		"--providers.kubernetesingress.ingressendpoint.ip=127.0.0.1",

		"--entrypoints.web.address=:8000",
		"--entrypoints.websecure.address=:8443",
		"--entrypoints.websecure.http.tls=true",
		"--entrypoints.ping.address=:8080",
		"--ping=true",
		"--ping.entrypoint=ping",

		// A Pod that does not accept a connection within a second is gone. The default is 30 s.
		"--serverstransport.forwardingtimeouts.dialtimeout=1s",

		"--global.checknewversion=false",
		"--global.sendanonymoususage=false",
	}
}

func run(
	ctx *pulumi.Context, class string, metadata *metav1.ObjectMetaArgs, account *corev1.ServiceAccount,
	opts ...pulumi.ResourceOption,
) (*appsv1.DaemonSet, error) {
	// The image is large and may have to come over a slow line.
	opts = append(opts, pulumi.Timeouts(&pulumi.CustomTimeouts{Create: "5m", Update: "5m"}))
	return appsv1.NewDaemonSet(ctx, name, &appsv1.DaemonSetArgs{
		Metadata: metadata,
		Spec: &appsv1.DaemonSetSpecArgs{
			Selector: &metav1.LabelSelectorArgs{MatchLabels: labels},
			Template: &corev1.PodTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: labels},
				Spec: &corev1.PodSpecArgs{
					ServiceAccountName: account.Metadata.Name(),
					EnableServiceLinks: pulumi.Bool(false),
					NodeSelector:       pulumi.StringMap{"ingress-ready": pulumi.String("true")},
					Tolerations: corev1.TolerationArray{&corev1.TolerationArgs{
						Key:      pulumi.String("node-role.kubernetes.io/control-plane"),
						Operator: pulumi.String("Exists"),
						Effect:   pulumi.String("NoSchedule"),
					}},
					SecurityContext: &corev1.PodSecurityContextArgs{
						RunAsNonRoot:   pulumi.Bool(true),
						RunAsUser:      pulumi.Int(65532),
						RunAsGroup:     pulumi.Int(65532),
						SeccompProfile: &corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
					},
					Containers: corev1.ContainerArray{container(class)},
				},
			},
		},
	}, opts...)
}

func container(class string) *corev1.ContainerArgs {
	return &corev1.ContainerArgs{
		Name:  pulumi.String(name),
		Image: pulumi.String(Image),
		Args:  pulumi.ToStringArray(flags(class)),
		Ports: corev1.ContainerPortArray{
			&corev1.ContainerPortArgs{
				Name: pulumi.String("web"), ContainerPort: pulumi.Int(webPort), HostPort: pulumi.Int(80),
			},
			&corev1.ContainerPortArgs{
				Name: pulumi.String("websecure"), ContainerPort: pulumi.Int(websecurePort), HostPort: pulumi.Int(443),
			},
			&corev1.ContainerPortArgs{Name: pulumi.String("ping"), ContainerPort: pulumi.Int(pingPort)},
		},
		StartupProbe:   ping(1, 60),
		ReadinessProbe: ping(5, 2),
		LivenessProbe:  ping(10, 3),
		Resources: &corev1.ResourceRequirementsArgs{
			Requests: pulumi.StringMap{"cpu": pulumi.String("100m"), "memory": pulumi.String("64Mi")},
			Limits:   pulumi.StringMap{"memory": pulumi.String("256Mi")},
		},
		SecurityContext: &corev1.SecurityContextArgs{
			AllowPrivilegeEscalation: pulumi.Bool(false),
			ReadOnlyRootFilesystem:   pulumi.Bool(true),
			Capabilities:             &corev1.CapabilitiesArgs{Drop: pulumi.StringArray{pulumi.String("ALL")}},
		},
	}
}

// ping asks Traefik every so many seconds, and gives up after that many failures in a row.
func ping(period, failures int) *corev1.ProbeArgs {
	return &corev1.ProbeArgs{
		HttpGet:          &corev1.HTTPGetActionArgs{Path: pulumi.String("/ping"), Port: pulumi.String("ping")},
		PeriodSeconds:    pulumi.Int(period),
		TimeoutSeconds:   pulumi.Int(1),
		FailureThreshold: pulumi.Int(failures),
	}
}
