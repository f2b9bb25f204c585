package rollout

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"example.com/hello-world/infra/kubeconfig"
)

// Lost says that a command may be half done: its Pod went away, or took too long.
type Lost struct{ Job, Why string }

func (l Lost) Error() string { return fmt.Sprintf("it %s, and may be half done", l.Why) }

// OneOff runs a Job of a service.
type OneOff struct {
	Watch
	Timeout time.Duration     // how long it may take
	Show    func(line string) // is told each line that it prints
}

// oneOffJob is what matters about a Job.
type oneOffJob struct {
	kubeconfig.Object
	Spec   struct{ ActiveDeadlineSeconds int }
	Status struct{ Conditions []kubeconfig.Condition }
}

func (j oneOffJob) is(condition string) bool {
	found, _ := kubeconfig.ConditionOf(j.Status.Conditions, condition)
	return found.Status == "True"
}

func (j oneOffJob) finished() bool { return j.is("Complete") || j.is("Failed") }

// start waits until the Job's Pod runs. If it cannot, nothing has happened, and the Job goes.
func (o OneOff) start(ctx context.Context, name string) error {
	watched := version{kind: "Job", creator: name}
	err := o.until(ctx, o.Timeout, func() (begun bool, err error) {
		watched.pods, err = o.pods(ctx, name)
		return slices.ContainsFunc(watched.pods, func(p kubeconfig.Pod) bool {
			return p.Ended() || slices.ContainsFunc(p.Status.ContainerStatuses, func(c kubeconfig.Container) bool {
				return c.State.Running != nil || c.State.Terminated != nil
			})
		}), err
	}, func() (version, error) { return watched, nil })
	if err == nil || ctx.Err() != nil {
		return err
	}
	if gone := o.removeAndWait(context.WithoutCancel(ctx), name, o.Timeout); gone != nil {
		return gone
	}
	return fmt.Errorf("it does not start: %w", err)
}

// follow shows what the Job prints until it has ended.
func (o OneOff) follow(ctx context.Context, name string) (job oneOffJob, err error) {
	shown := 0
	show := func(ended bool) {
		pods, err := o.pods(ctx, name)
		if err != nil || len(pods) == 0 {
			return
		}
		status, log, err := o.Cluster.Get(ctx, kubeconfig.NamespacePath(o.Namespace)+"/pods/"+pods[0].Name+"/log?limitBytes=10000000")
		if err != nil || status != http.StatusOK || len(log) < shown {
			return
		}
		whole := max(shown, strings.LastIndexByte(string(log), '\n')+1)
		if ended {
			whole = len(log)
		}
		for line := range strings.Lines(string(log[shown:whole])) {
			o.Show(strings.TrimRight(line, "\r\n"))
		}
		shown = whole
	}
	err = o.poll(ctx, func() (bool, error) {
		there, err := o.Cluster.Read(ctx, o.jobs()+"/"+name, &job)
		if err == nil && !there {
			return false, Lost{name, "was deleted while it ran"}
		}
		show(false)
		return err == nil && job.finished(), nil
	})
	if err == nil {
		show(true)
	}
	return job, err
}

// ended returns the container of a Job that failed by itself. Otherwise, the error is [Lost], or that the cluster does not tell.
func (o OneOff) ended(ctx context.Context, job oneOffJob) (container kubeconfig.Container, err error) {
	if failed, _ := kubeconfig.ConditionOf(job.Status.Conditions, "Failed"); failed.Reason == "DeadlineExceeded" {
		return container, Lost{job.Name, fmt.Sprintf("took longer than %d s and was ended", job.Spec.ActiveDeadlineSeconds)}
	}
	pods, err := o.pods(ctx, job.Name)
	if err != nil {
		return container, err
	}
	for _, pod := range pods {
		for _, c := range pod.Status.ContainerStatuses {
			if c.State.Terminated != nil && pod.Status.Reason == "" && !pod.Leaves() { // it ended by itself
				return c, nil
			}
		}
	}
	return container, Lost{job.Name, "lost its Pod"}
}

func (o OneOff) pods(ctx context.Context, name string) ([]kubeconfig.Pod, error) {
	return o.Cluster.Pods(ctx, o.Namespace, "batch.kubernetes.io/job-name="+name)
}

// poll waits until something is done. A moment without the cluster's API is no failure.
func (o OneOff) poll(ctx context.Context, done func() (bool, error)) error {
	return wait.PollUntilContextCancel(ctx, 2*pause, true, func(context.Context) (bool, error) {
		is, err := done()
		var lost Lost
		if errors.As(err, &lost) || errors.Is(err, kubeconfig.ErrForbidden) {
			return false, err
		}
		return is && err == nil, nil
	})
}
