package headlamp

import (
	"time"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/object"
)

// The user and the group of the image.
const (
	user  = 100
	group = 101
)

// declareDeployment runs one Pod, which keeps nothing that a new one would miss. A PodDisruptionBudget for a single Pod
// could only block the draining of its node.
func (p *parts) declareDeployment() (*appsv1.Deployment, error) {
	return appsv1.NewDeployment(p.ctx, name, &appsv1.DeploymentArgs{
		Metadata: p.Metadata(name, nil),
		Spec: &appsv1.DeploymentSpecArgs{
			Replicas: pulumi.Int(1),
			Selector: &metav1.LabelSelectorArgs{MatchLabels: labels},
			Template: &corev1.PodTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: labels},
				Spec: &corev1.PodSpecArgs{
					// The account is the namespace's default, which has no rights; keep its token out as well.
					AutomountServiceAccountToken: pulumi.Bool(false),
					EnableServiceLinks:           pulumi.Bool(false),
					SecurityContext:              object.NonRoot(user, group),
					Containers:                   corev1.ContainerArray{p.container()},
					Volumes:                      corev1.VolumeArray{scratch, cluster},
				},
			},
		},
		// The image is large, and the line may be slow.
	}, p.With(object.Within(5*time.Minute))...)
}

func (p *parts) container() *corev1.ContainerArgs {
	return &corev1.ContainerArgs{
		Name:  pulumi.String(name),
		Image: pulumi.String(p.args.Image),
		Args: pulumi.ToStringArray([]string{
			"-in-cluster",
			"-in-cluster-context-name=main", // otherwise it asks the cluster for a name, which it may not
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
		StartupProbe:   object.Probe("http", p.args.Path+"/", 1, 1, 60),
		ReadinessProbe: object.Probe("http", p.args.Path+"/", 5, 1, 2),
		LivenessProbe:  object.Probe("http", p.args.Path+"/", 10, 1, 3),
		Resources: object.Resources(
			object.Amount{Request: "25m", Limit: "1"}, object.Amount{Request: "64Mi", Limit: "512Mi"}, object.Amount{Request: "128Mi", Limit: "1Gi"}),
		SecurityContext: object.Confined(),
	}
}

// scratch holds Headlamp's copy of its page, into which it writes its path when it starts.
var scratch = &corev1.VolumeArgs{Name: pulumi.String("scratch"), EmptyDir: &corev1.EmptyDirVolumeSourceArgs{}}

const scratchFolder = "/tmp"

// cluster holds what a Pod needs to reach the cluster's API, and the token that Kubernetes' client libraries insist on. The
// API does not accept this one: it is for another audience.
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

// clusterFolder is where Kubernetes' client libraries look for it.
const clusterFolder = "/var/run/secrets/kubernetes.io/serviceaccount"
