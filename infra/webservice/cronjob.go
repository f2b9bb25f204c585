package webservice

import (
	"maps"
	"slices"
	"time"

	batchv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/batch/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/label"
)

// Job is a command of the image that runs by a schedule, one at a time. Its CronJob is called after the service and itself. What
// fails is not tried again before its next time.
type Job struct {
	Arguments pulumi.StringArray // of the image's command
	Schedule  string             // required; as in a crontab, such as "0 3 * * *"
	TimeZone  string             // such as Europe/Zurich; "" means the cluster's
	Timeout   time.Duration      // how long it may take; 0 means as long as it likes
}

// declareJobs declares the jobs, which change once the new version is there.
func (p *parts) declareJobs(rolledOut pulumi.ResourceOption) error {
	for _, name := range slices.Sorted(maps.Keys(p.args.Jobs)) {
		job := p.args.Jobs[name]
		j := p.process(name, Worker{Arguments: job.Arguments})
		j.labels = pulumi.StringMap{label.OneOffOf: pulumi.String(p.name), label.Job: pulumi.String(name)}
		_, err := batchv1.NewCronJob(p.ctx, j.name, &batchv1.CronJobArgs{
			Metadata: j.Metadata(j.name, nil),
			Spec: &batchv1.CronJobSpecArgs{
				Schedule:                   pulumi.String(job.Schedule),
				TimeZone:                   optional(job.TimeZone),
				ConcurrencyPolicy:          pulumi.String("Forbid"),
				SuccessfulJobsHistoryLimit: pulumi.Int(1),
				FailedJobsHistoryLimit:     pulumi.Int(1),
				JobTemplate: &batchv1.JobTemplateSpecArgs{
					Metadata: &metav1.ObjectMetaArgs{Labels: j.labels},
					Spec: &batchv1.JobSpecArgs{
						BackoffLimit:          pulumi.Int(0),
						ActiveDeadlineSeconds: seconds(job.Timeout),
						Template: &corev1.PodTemplateSpecArgs{
							Metadata: &metav1.ObjectMetaArgs{Labels: j.podLabels()},
							Spec:     j.oneOffSpec(),
						},
					},
				},
			},
		}, p.With(rolledOut)...)
		if err != nil {
			return err
		}
	}
	return nil
}

// oneOffSpec returns the specification of a Pod that runs once, and is not moved from a node that is away for a moment.
func (p *parts) oneOffSpec() *corev1.PodSpecArgs {
	spec := p.podSpec()
	spec.RestartPolicy = pulumi.String("Never")
	spec.TopologySpreadConstraints, spec.Tolerations = nil, nil
	return spec
}

func optional(text string) pulumi.StringPtrInput {
	if text == "" {
		return nil
	}
	return pulumi.String(text)
}

func seconds(limit time.Duration) pulumi.IntPtrInput {
	if limit == 0 {
		return nil
	}
	return pulumi.Int(int(limit.Seconds()))
}
