package headlamp

import (
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The user and the group that the image is made for.
const (
	user  = 100
	group = 101
)

// declareDeployment runs one Pod, which keeps nothing that a new one would miss. A PodDisruptionBudget for one could
// only keep its node from being drained.
func (p *parts) declareDeployment() (*appsv1.Deployment, error) {
	return appsv1.NewDeployment(p.ctx, name, &appsv1.DeploymentArgs{
		Metadata: p.Metadata(name, nil),
		Spec: &appsv1.DeploymentSpecArgs{
			Replicas: pulumi.Int(1),
			Selector: &metav1.LabelSelectorArgs{MatchLabels: labels},
			Template: &corev1.PodTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: labels},
				Spec: &corev1.PodSpecArgs{
					// The account is the namespace's default, which nothing is granted to, and its token stays out.
					AutomountServiceAccountToken: pulumi.Bool(false),
					EnableServiceLinks:           pulumi.Bool(false),
					SecurityContext: &corev1.PodSecurityContextArgs{
						RunAsNonRoot:   pulumi.Bool(true),
						RunAsUser:      pulumi.Int(user),
						RunAsGroup:     pulumi.Int(group),
						SeccompProfile: &corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
					},
					Containers: corev1.ContainerArray{p.container()},
					Volumes:    corev1.VolumeArray{scratch, cluster},
				},
			},
		},
		// The image is large and may have to come over a slow line.
	}, p.With(pulumi.Timeouts(&pulumi.CustomTimeouts{Create: "5m", Update: "5m"}))...)
}

func (p *parts) container() *corev1.ContainerArgs {
	return &corev1.ContainerArgs{
		Name:  pulumi.String(name),
		Image: pulumi.String(p.args.Image),
		Args: pulumi.ToStringArray([]string{
			"-in-cluster",
			"-in-cluster-context-name=main", // otherwise it would ask the cluster for a name, without the right to
			"-base-url=" + p.args.Path,
		}),
		Env: corev1.EnvVarArray{
			&corev1.EnvVarArgs{Name: pulumi.String("HOME"), Value: pulumi.String(scratchFolder)},
		},
		Ports: corev1.ContainerPortArray{
			&corev1.ContainerPortArgs{Name: pulumi.String("http"), ContainerPort: pulumi.Int(port)},
		},
		VolumeMounts: corev1.VolumeMountArray{
			&corev1.VolumeMountArgs{Name: scratch.Name, MountPath: pulumi.String(scratchFolder)},
			&corev1.VolumeMountArgs{Name: cluster.Name, MountPath: pulumi.String(clusterFolder), ReadOnly: pulumi.Bool(true)},
		},
		StartupProbe:   p.probe(1, 60),
		ReadinessProbe: p.probe(5, 2),
		LivenessProbe:  p.probe(10, 3),
		Resources: &corev1.ResourceRequirementsArgs{
			Requests: pulumi.StringMap{
				"cpu":               pulumi.String("25m"),
				"memory":            pulumi.String("64Mi"),
				"ephemeral-storage": pulumi.String("128Mi"),
			},
			Limits: pulumi.StringMap{
				"cpu":               pulumi.String("1"),
				"memory":            pulumi.String("512Mi"),
				"ephemeral-storage": pulumi.String("1Gi"),
			},
		},
		SecurityContext: &corev1.SecurityContextArgs{
			AllowPrivilegeEscalation: pulumi.Bool(false),
			ReadOnlyRootFilesystem:   pulumi.Bool(true),
			Capabilities:             &corev1.CapabilitiesArgs{Drop: pulumi.StringArray{pulumi.String("ALL")}},
		},
	}
}

// scratch is for the copy of its page that Headlamp writes its path into when it starts.
var scratch = &corev1.VolumeArgs{Name: pulumi.String("scratch"), EmptyDir: &corev1.EmptyDirVolumeSourceArgs{}}

const scratchFolder = "/tmp"

// cluster is what a Pod needs to reach the cluster's API, and what Kubernetes' client libraries insist on being there: a
// token. Here it is one that the API does not accept, since it is meant for somebody else.
var cluster = &corev1.VolumeArgs{
	Name: pulumi.String("cluster"),
	Projected: &corev1.ProjectedVolumeSourceArgs{Sources: corev1.VolumeProjectionArray{
		&corev1.VolumeProjectionArgs{ConfigMap: &corev1.ConfigMapProjectionArgs{
			Name:  pulumi.String("kube-root-ca.crt"),
			Items: corev1.KeyToPathArray{&corev1.KeyToPathArgs{Key: pulumi.String("ca.crt"), Path: pulumi.String("ca.crt")}},
		}},
		&corev1.VolumeProjectionArgs{ServiceAccountToken: &corev1.ServiceAccountTokenProjectionArgs{
			Audience: pulumi.String("nobody"), Path: pulumi.String("token"),
		}},
	}},
}

// clusterFolder is where Kubernetes' client libraries look.
const clusterFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

// probe asks for the page every so many seconds, and gives up after that many failures in a row.
func (p *parts) probe(period, failures int) *corev1.ProbeArgs {
	return &corev1.ProbeArgs{
		HttpGet:          &corev1.HTTPGetActionArgs{Path: pulumi.String(p.args.Path + "/"), Port: pulumi.String("http")},
		PeriodSeconds:    pulumi.Int(period),
		TimeoutSeconds:   pulumi.Int(1),
		FailureThreshold: pulumi.Int(failures),
	}
}
