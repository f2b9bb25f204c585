// Package trial runs one Pod of a new version beside a service, and asks it a question before any Pod of the old version goes.
package trial

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"example.com/hello-world/infra/internal/object"
	"example.com/hello-world/infra/kubeconfig"
)

// Trial is a trial that a version must pass.
type Trial struct {
	Cluster *kubeconfig.Connection
	Port    int           // that the server listens on
	Path    string        // to ask for, such as /hello
	Status  int           // that it must answer, such as 200
	Timeout time.Duration // how long the Pod may take to get ready
	Drain   time.Duration // how long an old Pod may take to go

	// WhyNotReady says what has been wrong with the Pods of a namespace since a time; "" if it cannot tell.
	WhyNotReady func(ctx context.Context, namespace string, since time.Time) string
}

// pause is the time between two looks at the cluster.
const pause = 250 * time.Millisecond

// Run starts a Pod from the Pod template of the Deployment called name, asks it, and removes it. The error says what the Pod
// answered, or why it did not.
//
// The Pod belongs to a Job, which Kubernetes ends and deletes by itself if this program is killed.
func (t Trial) Run(ctx context.Context, namespace, name string, template map[string]any) (err error) {
	jobs := jobsPath(namespace)
	job := name + "-trial"
	remove := func(ctx context.Context) error {
		return t.Cluster.Delete(ctx, jobs+"/"+job, map[string]any{"propagationPolicy": "Foreground"})
	}
	// A killed run may have left one of another version.
	if err := remove(ctx); err != nil {
		return err
	}
	if err := until(ctx, t.Timeout, "the Job of the last trial is still there", func() (bool, error) {
		there, err := t.Cluster.Object(ctx, jobs+"/"+job)
		return there == nil, err
	}); err != nil {
		return err
	}
	since := time.Now()
	if err := t.Cluster.Create(ctx, jobs, t.job(job, name, template)); err != nil {
		return err
	}
	defer func() {
		// Remove it even if the run is interrupted.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		err = errors.Join(err, remove(ctx))
	}()

	var pod string
	if err := until(ctx, t.Timeout, "it is not ready", func() (ready bool, err error) {
		pods, err := t.Cluster.Pods(ctx, namespace, object.TrialOf+"="+name)
		for _, p := range pods {
			if !p.Leaves() && p.Ready() {
				pod = p.Name
			}
		}
		return pod != "", err
	}); err != nil {
		if t.WhyNotReady != nil {
			if why := t.WhyNotReady(ctx, namespace, since); why != "" {
				err = fmt.Errorf("%w: %s", err, why)
			}
		}
		return err
	}
	return t.ask(ctx, namespace, pod)
}

// Check asks the cluster whether it would take the Job, in a preview. It starts nothing.
func (t Trial) Check(ctx context.Context, namespace, name string, template map[string]any) error {
	if found, err := t.Cluster.Namespace(ctx, namespace); err != nil || found == nil {
		return nil // the update creates it, or says what is wrong
	}
	return t.Cluster.Create(ctx, jobsPath(namespace)+"?dryRun=All", t.job(name+"-trial-preview", name, template))
}

func jobsPath(namespace string) string { return "/apis/batch/v1/namespaces/" + namespace + "/jobs" }

// ask sends the request through the cluster's API, which reaches Pods wherever this program runs.
func (t Trial) ask(ctx context.Context, namespace, pod string) error {
	status, body, err := t.Cluster.Get(ctx, fmt.Sprintf("/api/v1/namespaces/%s/pods/%s:%d/proxy%s", namespace, pod, t.Port, t.Path))
	if err != nil {
		return err
	}
	if status == t.Status {
		return nil
	}
	const enough = 300
	answer := strings.TrimSpace(string(body))
	if len(answer) > enough {
		answer = answer[:enough] + "…"
	}
	return fmt.Errorf("it answers %s with %d %s instead of %d: %q", t.Path, status, http.StatusText(status), t.Status, answer)
}

// OthersGone waits until every Pod of the Deployment called name that was told to stop is gone. After that, no answer comes from
// an old version.
func (t Trial) OthersGone(ctx context.Context, namespace, name string) error {
	return until(ctx, t.Drain, "old Pods are still there", func() (gone bool, err error) {
		pods, err := t.Cluster.Pods(ctx, namespace, "app="+name)
		for _, p := range pods {
			if p.Leaves() {
				return false, err
			}
		}
		return true, err
	})
}

// until asks isSo until it is true. The error after the timeout begins with notSo.
func until(ctx context.Context, timeout time.Duration, notSo string, isSo func() (bool, error)) error {
	err := wait.PollUntilContextTimeout(ctx, pause, timeout, true, func(context.Context) (bool, error) { return isSo() })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if wait.Interrupted(err) {
		return fmt.Errorf("%s after %s", notSo, timeout)
	}
	return err
}

// job returns a Job that runs the Pod template once, without the labels that would make its Pod one of the service's.
func (t Trial) job(job, name string, template map[string]any) map[string]any {
	spec := map[string]any{}
	given, _ := template["spec"].(map[string]any)
	maps.Copy(spec, given)
	spec["restartPolicy"] = "Never"
	// It has no clients to wait for when it stops.
	spec["terminationGracePeriodSeconds"] = 1
	containers, _ := given["containers"].([]any)
	containers = slices.Clone(containers)
	for i, container := range containers {
		container, _ := container.(map[string]any)
		container = maps.Clone(container)
		delete(container, "lifecycle")
		containers[i] = container
	}
	spec["containers"] = containers
	return map[string]any{
		"apiVersion": "batch/v1",
		"kind":       "Job",
		"metadata":   map[string]any{"name": job, "labels": map[string]any{object.TrialOf: name}},
		"spec": map[string]any{
			"backoffLimit":            0,
			"activeDeadlineSeconds":   int(t.Timeout.Seconds()) + 60,
			"ttlSecondsAfterFinished": 0,
			"template": map[string]any{
				"metadata": map[string]any{"labels": map[string]any{object.TrialOf: name}},
				"spec":     spec,
			},
		},
	}
}
