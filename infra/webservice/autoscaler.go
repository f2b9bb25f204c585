package webservice

import (
	"fmt"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	autoscalingv2 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/autoscaling/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// cpuTarget is the CPU use that autoscaling aims at, in percent of the request.
const cpuTarget = 70

// declareAutoscaler keeps the Pods' CPU use near the target. It scales up at once, as Kubernetes does by default; down
// only after two quiet minutes, and by half per minute, so that the next wave does not find too few.
func (p *parts) declareAutoscaler(deployment *appsv1.Deployment, rolledOut pulumi.ResourceOption) error {
	if !p.args.autoscaled() {
		return nil
	}
	_, err := autoscalingv2.NewHorizontalPodAutoscaler(p.ctx, p.name, &autoscalingv2.HorizontalPodAutoscalerArgs{
		Metadata: p.Metadata(p.name, nil),
		Spec: &autoscalingv2.HorizontalPodAutoscalerSpecArgs{
			ScaleTargetRef: &autoscalingv2.CrossVersionObjectReferenceArgs{
				ApiVersion: pulumi.String("apps/v1"),
				Kind:       pulumi.String("Deployment"),
				Name:       deployment.Metadata.Name().Elem(),
			},
			MinReplicas: pulumi.Int(p.args.Replicas),
			MaxReplicas: pulumi.Int(p.args.MaxReplicas),
			Metrics: autoscalingv2.MetricSpecArray{&autoscalingv2.MetricSpecArgs{
				Type: pulumi.String("Resource"),
				Resource: &autoscalingv2.ResourceMetricSourceArgs{
					Name: pulumi.String("cpu"),
					Target: &autoscalingv2.MetricTargetArgs{
						Type:               pulumi.String("Utilization"),
						AverageUtilization: pulumi.Int(cpuTarget),
					},
				},
			}},
			Behavior: &autoscalingv2.HorizontalPodAutoscalerBehaviorArgs{
				ScaleDown: &autoscalingv2.HPAScalingRulesArgs{
					StabilizationWindowSeconds: pulumi.Int(120),
					Policies: autoscalingv2.HPAScalingPolicyArray{&autoscalingv2.HPAScalingPolicyArgs{
						Type: pulumi.String("Percent"), Value: pulumi.Int(50), PeriodSeconds: pulumi.Int(60),
					}},
				},
			},
		},
	}, p.With(rolledOut)...)
	return err
}

// ignoreReplicas keeps the Deployment's replica count as it is in the cluster, whoever set it. It is not enough to
// declare none: at the change from a fixed count, Kubernetes would set its default, 1.
func (p *parts) ignoreReplicas() pulumi.ResourceOption {
	var ignored []string
	if p.args.autoscaled() {
		ignored = []string{"spec.replicas"}
	}
	return pulumi.IgnoreChanges(ignored)
}

// replicasAnnotation says in the cluster who sets the replica count. It makes a change of that a difference to Pulumi, even
// if the number is not: 3, then autoscaled to 8, then 3 again.
const replicasAnnotation = "hello-world/replicas"

func (p *parts) replicasManagedBy() string {
	if p.args.autoscaled() {
		return "autoscaled"
	}
	return "fixed"
}

// replicas returns how many Pods there are at least. It warns if there are none: an autoscaler leaves a Deployment without
// Pods alone.
func (p *parts) replicas(deployment *appsv1.Deployment) pulumi.IntOutput {
	return deployment.Spec.Replicas().Elem().ApplyT(func(live int) int {
		if p.args.autoscaled() && live == 0 {
			text := fmt.Sprintf("an autoscaler leaves 0 Pods alone: start it with "+
				"`kubectl scale deployment %s --replicas=%d` in its namespace", p.name, p.args.Replicas)
			_ = p.ctx.Log.Warn(text, &pulumi.LogArgs{Resource: deployment})
		}
		return p.args.Replicas
	}).(pulumi.IntOutput)
}
