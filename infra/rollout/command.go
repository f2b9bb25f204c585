package rollout

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/infra/label"
)

// Command runs a command of the version that runs once, with the server's environment.
type Command struct {
	OneOff

	// Attach connects the terminal to the container of a Pod until it ends; nil means that Show is told what it prints. Its error
	// does not matter if the container has ended.
	Attach func(ctx context.Context, pod string) error
}

// RunJob runs a job of the service now, and follows it. It goes on if ctx ends.
func (c Command) RunJob(ctx context.Context, name string) error {
	var of struct {
		kubeconfig.Object
		Spec struct {
			JobTemplate struct {
				Metadata struct{ Labels map[string]string }
				Spec     map[string]any
			}
		}
	}
	cronJob := c.Name + "-" + name
	there, err := c.Cluster.Read(ctx, "/apis/batch/v1/namespaces/"+c.Namespace+"/cronjobs/"+cronJob, &of)
	if err == nil && !there {
		err = errors.New("there is none: the key jobs names them, and 'make up' brings them up")
	}
	if err != nil {
		return err
	}
	var jobs struct{ Items []oneOffJob }
	if _, err := c.Cluster.Read(ctx, c.jobs()+"?labelSelector="+url.QueryEscape(label.Job+"="+name), &jobs); err != nil {
		return err
	}
	for _, job := range jobs.Items {
		if !job.finished() {
			return fmt.Errorf("it runs already, since %s: one at a time", time.Since(job.CreationTimestamp.Time).Round(time.Second))
		}
	}
	run := called(cronJob)
	if err := c.Cluster.Create(ctx, c.jobs(), map[string]any{
		"apiVersion": "batch/v1",
		"kind":       "Job",
		"metadata": map[string]any{
			"name": run, "labels": of.Spec.JobTemplate.Metadata.Labels,
			"annotations": map[string]any{"cronjob.kubernetes.io/instantiate": "manual"},
			// The CronJob keeps its history short.
			"ownerReferences": []any{map[string]any{
				"apiVersion": "batch/v1", "kind": "CronJob", "name": of.Name, "uid": of.UID, "controller": true,
			}},
		},
		"spec": of.Spec.JobTemplate.Spec,
	}); err != nil {
		return err
	}
	return c.toItsEnd(ctx, run)
}

// Run runs the image's command with arguments of its own, and follows it. It is ended and removed if ctx ends.
func (c Command) Run(ctx context.Context, arguments []string) (err error) {
	var of struct {
		Spec struct{ Template map[string]any }
	}
	there, err := c.Cluster.Read(ctx, "/apis/apps/v1/namespaces/"+c.Namespace+"/deployments/"+c.Name, &of)
	if err == nil && !there {
		err = fmt.Errorf("there is no deployment %s: 'make up' brings it up", c.Name)
	}
	if err != nil {
		return err
	}
	run := called(c.Name + "-run")
	job := c.oneOff(run, label.CommandOf, of.Spec.Template, func(container map[string]any) {
		withArguments(arguments)(container)
		container["stdin"], container["tty"] = c.Attach != nil, c.Attach != nil
	})
	job["spec"].(map[string]any)["ttlSecondsAfterFinished"] = 60 // should this program be killed
	if err := c.Cluster.Create(ctx, c.jobs(), job); err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		err = errors.Join(err, c.remove(ctx, run))
	}()
	return c.toItsEnd(ctx, run)
}

// toItsEnd follows a Job. The error says how it failed.
func (c Command) toItsEnd(ctx context.Context, run string) error {
	if err := c.start(ctx, run); err != nil {
		return err
	}
	if pods, err := c.pods(ctx, run); err == nil && c.Attach != nil && len(pods) > 0 && !pods[0].Ended() {
		if err := c.Attach(ctx, pods[0].Name); err == nil {
			c.Show = func(string) {} // it has been seen
		} else if !c.ends(ctx, run) {
			return err
		}
	}
	job, err := c.follow(ctx, run)
	if err != nil || job.is("Complete") {
		return err
	}
	container, err := c.ended(ctx, job)
	if err != nil {
		return err
	}
	how, _, _ := strings.Cut(container.Said(), "\n") // the rest has been shown
	return errors.New(how)
}

// ends reports whether a Job ends within seconds, as one does whose command was over before anybody could attach to it.
func (c Command) ends(ctx context.Context, run string) bool {
	ctx, cancel := context.WithTimeout(ctx, told)
	defer cancel()
	return c.poll(ctx, func() (bool, error) {
		var job oneOffJob
		there, err := c.Cluster.Read(ctx, c.jobs()+"/"+run, &job)
		return there && job.finished(), err
	}) == nil
}

// called returns a new name for a Job.
func called(what string) string { return what + "-" + strings.ToLower(rand.Text()[:5]) }
