package webservice

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"

	"example.com/hello-world/infra/internal/object"
)

// declareDeployment declares the server's Deployment, or a worker's.
func (p *parts) declareDeployment(further ...pulumi.ResourceOption) (*appsv1.Deployment, error) {
	options := append(further, p.ignoreReplicas(), object.Within(p.rollingOut()))
	if p.args.Rollout != nil {
		hooks, err := p.args.Rollout(p.name)
		if err != nil {
			return nil, err
		}
		options = append(options, pulumi.ResourceHooks(hooks))
	}
	return appsv1.NewDeployment(p.ctx, p.name, &appsv1.DeploymentArgs{
		Metadata: p.Metadata(p.name, p.deploymentAnnotations()),
		Spec: &appsv1.DeploymentSpecArgs{
			Replicas:        pulumi.Int(p.args.Replicas),
			MinReadySeconds: p.minReady(),
			Selector:        &metav1.LabelSelectorArgs{MatchLabels: p.labels},
			Strategy:        p.strategy(),
			// Keep no ReplicaSet for `kubectl rollout undo`. To go back, you declare the last version again, and the
			// kubernetes plugin would take its old ReplicaSet, 0 of 0 ready, for a finished rollout.
			RevisionHistoryLimit: pulumi.Int(0),
			// Kubernetes gives its verdict shortly before `pulumi up` gives up.
			ProgressDeadlineSeconds: pulumi.Int(int(p.args.RolloutTimeout.Seconds()) * 5 / 6),
			Template: &corev1.PodTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: p.podLabels(), Annotations: p.podAnnotations()},
				Spec:     p.podSpec(),
			},
		},
	}, p.With(options...)...)
}

// strategy returns how successors replace Pods. With a volume, the old Pod gives it back first.
func (p *parts) strategy() *appsv1.DeploymentStrategyArgs {
	if p.hasVolume() {
		return &appsv1.DeploymentStrategyArgs{Type: pulumi.String("Recreate")}
	}
	return &appsv1.DeploymentStrategyArgs{
		Type: pulumi.String("RollingUpdate"),
		RollingUpdate: &appsv1.RollingUpdateDeploymentArgs{
			// No Pod goes before its successor is ready.
			MaxUnavailable: pulumi.Int(0),
			MaxSurge:       pulumi.String(p.surge()),
		},
	}
}

// minReady returns how many seconds a worker must run before it counts as ready. A server has probes.
func (p *parts) minReady() pulumi.IntPtrInput {
	if p.worker == nil {
		return nil
	}
	return pulumi.Int(steady)
}

func (p *parts) deploymentAnnotations() pulumi.StringMap {
	annotations := pulumi.StringMap{replicasAnnotation: pulumi.String(p.replicasManagedBy())}
	if p.args.Migration != "" {
		annotations["hello-world/migration"] = pulumi.String(fmt.Sprintf("%.5x", sha256.Sum256([]byte(p.args.Migration))))
	}
	if p.args.AwaitRollout != nil {
		// The provider waits only until the cluster knows of the change. It still waits for the Pods to go after a deletion, as
		// it would not with pulumi.com/skipAwait.
		annotations["pulumi.com/waitFor"] = pulumi.String("jsonpath={.status.observedGeneration}")
	}
	return annotations
}

// rolledOut returns the option of what may change only once the Deployment's Pods are ready.
func (p *parts) rolledOut(deployment *appsv1.Deployment) pulumi.ResourceOption {
	if p.args.AwaitRollout == nil || p.ctx.DryRun() {
		return pulumi.DependsOn([]pulumi.Resource{deployment})
	}
	return pulumi.DependsOnInputs(deployment.Metadata.ApplyTWithContext(p.ctx.Context(), func(ctx context.Context, is metav1.ObjectMeta) ([]pulumi.Resource, error) {
		return []pulumi.Resource{deployment}, p.args.AwaitRollout(ctx, deployment, *is.Namespace, *is.Name, p.rollingOut())
	}).(pulumi.ResourceArrayOutput))
}

// rollingOut returns how long a rollout may take.
func (p *parts) rollingOut() time.Duration {
	return p.args.RolloutTimeout + startUps(p.args.mostReplicas())
}

// terminationGrace returns how long the kubelet waits before it kills: never less than the server needs.
func (p *parts) terminationGrace() time.Duration {
	return p.args.DrainTime + shutdownTimeout + 5*time.Second
}

// startUps returns a second for each Pod: a node starts them one after another.
func startUps(pods int) time.Duration { return time.Duration(pods) * time.Second }

// surge returns how many successors start before a Pod goes. A rollout in waves takes as many start-ups as waves, so all start
// at once, unless the Pods are too large to run twice for a moment.
func (p *parts) surge() string {
	memory := resource.MustParse(p.args.Memory.Request)
	if memory.Cmp(resource.MustParse("256Mi")) > 0 {
		return "25%"
	}
	return "100%"
}

func (p *parts) podSpec() *corev1.PodSpecArgs {
	volumes, mounts := p.volumes()
	return &corev1.PodSpecArgs{
		ServiceAccountName:            p.account,
		AutomountServiceAccountToken:  pulumi.Bool(false), // the server does not talk to Kubernetes, and clouds bring tokens of their own
		EnableServiceLinks:            pulumi.Bool(false), // nor does it look for Services in its environment
		ImagePullSecrets:              p.pullSecrets,
		TerminationGracePeriodSeconds: pulumi.Int(int(p.terminationGrace().Seconds())),
		SecurityContext:               p.podSecurityContext(),
		TopologySpreadConstraints: corev1.TopologySpreadConstraintArray{
			&corev1.TopologySpreadConstraintArgs{
				// Spread over the nodes, but run unevenly rather than not at all.
				MaxSkew:           pulumi.Int(1),
				TopologyKey:       pulumi.String("kubernetes.io/hostname"),
				WhenUnsatisfiable: pulumi.String("ScheduleAnyway"),
				LabelSelector:     &metav1.LabelSelectorArgs{MatchLabels: p.labels},
				// Count only Pods of the same version: the old ones are about to go.
				MatchLabelKeys: pulumi.StringArray{pulumi.String("pod-template-hash")},
			},
		},
		// Give up a lost node after ten seconds, not five minutes: no Pod here has anything to lose.
		Tolerations:  corev1.TolerationArray{leaveAfter10s("not-ready"), leaveAfter10s("unreachable")},
		NodeSelector: p.nodeSelector(),
		Containers:   corev1.ContainerArray{p.container(mounts)},
		Volumes:      volumes,
	}
}

// nodeSelector chooses nodes that can run the image.
func (p *parts) nodeSelector() pulumi.StringMapInput {
	system, architecture, known := strings.Cut(p.args.Platform, "/")
	if !known {
		return nil
	}
	architecture, _, _ = strings.Cut(architecture, "/") // nodes do not tell the variant
	return pulumi.StringMap{"kubernetes.io/os": pulumi.String(system), "kubernetes.io/arch": pulumi.String(architecture)}
}

func leaveAfter10s(condition string) corev1.TolerationInput {
	return &corev1.TolerationArgs{
		Key:               pulumi.String("node.kubernetes.io/" + condition),
		Operator:          pulumi.String("Exists"),
		Effect:            pulumi.String("NoExecute"),
		TolerationSeconds: pulumi.Int(10),
	}
}

func (p *parts) podSecurityContext() *corev1.PodSecurityContextArgs {
	context := object.NonRoot(p.args.User, p.args.User)
	if p.hasVolume() {
		context.FsGroup = pulumi.Int(p.args.User) // who may write to it
	}
	if p.args.Port < 1024 {
		// Not every container runtime lets a user without capabilities bind such a port.
		context.Sysctls = corev1.SysctlArray{&corev1.SysctlArgs{
			Name: pulumi.String("net.ipv4.ip_unprivileged_port_start"), Value: pulumi.String("0"),
		}}
	}
	return context
}
