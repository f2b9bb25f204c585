package rollout

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"example.com/hello-world/infra/label"
)

// Trial runs one Pod of a new version beside a service, and asks it a question before any Pod of the old version goes.
type Trial struct {
	Watch
	Port    int           // that the server listens on
	Path    string        // to ask for, such as /hello
	Status  int           // that it must answer, such as 200
	Timeout time.Duration // how long the Pod may take to get ready
}

// Run starts a Pod from a Deployment's Pod template, asks it, and removes it. The error says what the Pod answered, or why it
// did not.
//
// The Pod belongs to a Job, which Kubernetes ends and deletes by itself if this program is killed.
func (t Trial) Run(ctx context.Context, template map[string]any) (err error) {
	job := t.Name + "-trial"
	// A killed run may have left one of another version.
	if err := t.removeAndWait(ctx, job, t.Timeout); err != nil {
		return err
	}
	if err := t.Cluster.Create(ctx, t.jobs(), t.job(job, template)); err != nil {
		return err
	}
	defer func() {
		// Remove it even if the run is interrupted.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		err = errors.Join(err, t.remove(ctx, job))
	}()

	tried := version{kind: "Job", creator: job}
	var pod string
	if err := t.until(ctx, t.Timeout, func() (ready bool, err error) {
		tried.pods, err = t.Cluster.Pods(ctx, t.Namespace, label.TrialOf+"="+t.Name)
		for _, p := range tried.pods {
			if !p.Leaves() && p.Ready() {
				pod = p.Name
			}
		}
		return pod != "", err
	}, func() (version, error) { return tried, nil }); err != nil {
		return err
	}
	return t.ask(ctx, pod)
}

// Check asks the cluster whether it would take the Job, in a preview. It starts nothing.
func (t Trial) Check(ctx context.Context, template map[string]any) error {
	return t.check(ctx, t.job(t.Name+"-trial-preview", template))
}

// ask sends the request through the cluster's API, which reaches Pods wherever this program runs.
func (t Trial) ask(ctx context.Context, pod string) error {
	path := fmt.Sprintf("/api/v1/namespaces/%s/pods/%s:%d/proxy%s", t.Namespace, pod, t.Port, t.Path)
	var status int
	var body []byte
	if err := t.until(ctx, t.Timeout, func() (answered bool, err error) {
		status, body, err = t.Cluster.Get(ctx, path)
		return err == nil, err // an API that is away for a moment says nothing about the version
	}, nothing); err != nil {
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

// job returns the trial's Job.
func (t Trial) job(name string, template map[string]any) map[string]any {
	job := t.oneOff(name, label.TrialOf, template, func(map[string]any) {})
	spec := job["spec"].(map[string]any)
	spec["activeDeadlineSeconds"] = int(t.Timeout.Seconds()) + 60
	spec["ttlSecondsAfterFinished"] = 0
	spec["template"].(map[string]any)["spec"].(map[string]any)["terminationGracePeriodSeconds"] = 1
	return job
}
