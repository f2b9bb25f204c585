package rollout

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"example.com/hello-world/infra/internal/object"
	"example.com/hello-world/infra/kubeconfig"
)

// Migration runs a command of a new version before any of its Pods start: once for each image and command, and one at a time.
//
// Its Job stays in the cluster, as the proof that it has run. If this program ends meanwhile, the Job goes on.
type Migration struct {
	Watch
	Arguments []string          // of the image's command
	Timeout   time.Duration     // how long it may take
	Show      func(line string) // is told each line that it prints
}

// kept is how many finished migrations stay in the cluster.
const kept = 10

// Lost says that a migration may be half done: its Pod went away, or took too long.
type Lost struct{ Job, Why string }

func (l Lost) Error() string { return fmt.Sprintf("it %s, and may be half done", l.Why) }

// migrationJob is what matters about a migration's Job.
type migrationJob struct {
	kubeconfig.Object
	Status struct{ Conditions []kubeconfig.Condition }
}

func (j migrationJob) is(condition string) bool {
	found, _ := kubeconfig.ConditionOf(j.Status.Conditions, condition)
	return found.Status == "True"
}

func (j migrationJob) finished() bool { return j.is("Complete") || j.is("Failed") }

// Ran reports whether the migration for a Deployment's Pod template has run.
func (m Migration) Ran(ctx context.Context, template map[string]any) (bool, error) {
	var job migrationJob
	there, err := m.Cluster.Read(ctx, m.jobs()+"/"+m.name(template), &job)
	return there && job.is("Complete"), err
}

// Run runs the migration for a Deployment's Pod template, unless it has run. If one runs already, which an update that was
// interrupted began, it waits for that. One that failed runs again. The error quotes what it said last; it is [Lost] if nobody
// knows how far it came.
func (m Migration) Run(ctx context.Context, template map[string]any) error {
	name := m.name(template)
	if err := m.awaitOthers(ctx, name); err != nil {
		return err
	}
	var job migrationJob
	there, err := m.Cluster.Read(ctx, m.jobs()+"/"+name, &job)
	switch {
	case err != nil:
		return err
	case there && job.is("Complete"):
		return nil
	case there && job.is("Failed"):
		if _, err := m.said(ctx, job); err != nil {
			return err
		}
		if err := m.removeAndWait(ctx, name, m.Timeout); err != nil {
			return err
		}
		there = false
	}
	if !there {
		if err := m.Cluster.Create(ctx, m.jobs(), m.job(name, template)); err != nil {
			return err
		}
	}
	if err := m.start(ctx, name); err != nil {
		return err
	}
	if err := m.follow(ctx, name); err != nil {
		return err
	}
	return m.tidy(ctx, name)
}

// Check asks the cluster whether it would take the Job, in a preview. It starts nothing.
func (m Migration) Check(ctx context.Context, template map[string]any) error {
	return m.check(ctx, m.job(m.Name+"-migrate-preview", template))
}

// name is that of the Job: another image or another command makes another one.
func (m Migration) name(template map[string]any) string {
	text, _ := json.Marshal([]any{imageOf(template), m.Arguments}) // of texts
	return fmt.Sprintf("%s-migrate-%.5x", m.Name, sha256.Sum256(text))
}

// imageOf returns the image of a Pod template.
func imageOf(template map[string]any) string {
	spec, _ := template["spec"].(map[string]any)
	containers, _ := spec["containers"].([]any)
	if len(containers) == 0 {
		return ""
	}
	container, _ := containers[0].(map[string]any)
	image, _ := container["image"].(string)
	return image
}

func (m Migration) job(name string, template map[string]any) map[string]any {
	job := m.oneOff(name, object.MigrationOf, template, func(container map[string]any) {
		for _, ofServer := range []string{"ports", "startupProbe", "readinessProbe", "livenessProbe"} {
			delete(container, ofServer)
		}
		container["args"] = m.Arguments
	})
	job["spec"].(map[string]any)["activeDeadlineSeconds"] = int(m.Timeout.Seconds())
	return job
}

// all returns the migrations that the cluster has, the oldest first.
func (m Migration) all(ctx context.Context) ([]migrationJob, error) {
	var list struct{ Items []migrationJob }
	_, err := m.Cluster.Read(ctx, m.jobs()+"?labelSelector="+url.QueryEscape(object.MigrationOf+"="+m.Name), &list)
	slices.SortFunc(list.Items, func(a, b migrationJob) int { return a.CreationTimestamp.Compare(b.CreationTimestamp.Time) })
	return list.Items, err
}

// awaitOthers waits until no other migration runs.
func (m Migration) awaitOthers(ctx context.Context, name string) error {
	told := false
	return m.poll(ctx, func() (bool, error) {
		jobs, err := m.all(ctx)
		if err != nil {
			return false, err
		}
		i := slices.IndexFunc(jobs, func(j migrationJob) bool { return j.Name != name && !j.finished() })
		if i >= 0 && !told {
			told = true
			m.Say("waiting for the migration of another version: " + jobs[i].Name)
		}
		return i < 0, nil
	})
}

// start waits until the Job's Pod runs. If it cannot, nothing has happened, and the Job goes.
func (m Migration) start(ctx context.Context, name string) error {
	watched := version{kind: "Job", creator: name}
	err := m.until(ctx, m.Timeout, func() (begun bool, err error) {
		watched.pods, err = m.pods(ctx, name)
		return slices.ContainsFunc(watched.pods, func(p kubeconfig.Pod) bool {
			return p.Ended() || slices.ContainsFunc(p.Status.ContainerStatuses, func(c kubeconfig.Container) bool {
				return c.State.Running != nil || c.State.Terminated != nil
			})
		}), err
	}, func() (version, error) { return watched, nil })
	if err == nil || ctx.Err() != nil {
		return err
	}
	if gone := m.removeAndWait(context.WithoutCancel(ctx), name, m.Timeout); gone != nil {
		return gone
	}
	return fmt.Errorf("it does not start: %w", err)
}

// follow shows what the Job prints until it has ended.
func (m Migration) follow(ctx context.Context, name string) error {
	shown := 0
	show := func(ended bool) {
		pods, err := m.pods(ctx, name)
		if err != nil || len(pods) == 0 {
			return
		}
		status, log, err := m.Cluster.Get(ctx, kubeconfig.NamespacePath(m.Namespace)+"/pods/"+pods[0].Name+"/log?limitBytes=10000000")
		if err != nil || status != http.StatusOK || len(log) < shown {
			return
		}
		whole := max(shown, strings.LastIndexByte(string(log), '\n')+1)
		if ended {
			whole = len(log)
		}
		for line := range strings.Lines(string(log[shown:whole])) {
			m.Show(strings.TrimRight(line, "\r\n"))
		}
		shown = whole
	}
	var job migrationJob
	if err := m.poll(ctx, func() (bool, error) {
		there, err := m.Cluster.Read(ctx, m.jobs()+"/"+name, &job)
		if err == nil && !there {
			return false, Lost{name, "was deleted while it ran"}
		}
		show(false)
		return err == nil && job.finished(), nil
	}); err != nil {
		return err
	}
	show(true)
	if job.is("Complete") {
		return nil
	}
	said, err := m.said(ctx, job)
	if err != nil {
		return err
	}
	return fmt.Errorf("it failed: %s", said)
}

// said returns what a Job that failed by itself said last. Otherwise, the error is [Lost], or that the cluster does not tell.
func (m Migration) said(ctx context.Context, job migrationJob) (string, error) {
	if failed, _ := kubeconfig.ConditionOf(job.Status.Conditions, "Failed"); failed.Reason == "DeadlineExceeded" {
		return "", Lost{job.Name, fmt.Sprintf("took longer than %s and was ended", m.Timeout)}
	}
	pods, err := m.pods(ctx, job.Name)
	if err != nil {
		return "", err
	}
	for _, pod := range pods {
		for _, c := range pod.Status.ContainerStatuses {
			if c.State.Terminated != nil && pod.Status.Reason == "" && !pod.Leaves() { // it ended by itself
				return c.Said(), nil
			}
		}
	}
	return "", Lost{job.Name, "lost its Pod"}
}

// tidy removes the Pod of a migration that has run, the Jobs of those that failed before, and the oldest of the others.
func (m Migration) tidy(ctx context.Context, name string) error {
	pods, err := m.pods(ctx, name)
	for _, pod := range pods {
		err = errors.Join(err, m.Cluster.Delete(ctx, kubeconfig.NamespacePath(m.Namespace)+"/pods/"+pod.Name, nil))
	}
	jobs, listed := m.all(ctx)
	err = errors.Join(err, listed)
	for i, job := range jobs {
		if job.is("Failed") || i < len(jobs)-kept {
			err = errors.Join(err, m.removeAndWait(ctx, job.Name, m.Timeout))
		}
	}
	return err
}

func (m Migration) pods(ctx context.Context, name string) ([]kubeconfig.Pod, error) {
	return m.Cluster.Pods(ctx, m.Namespace, "batch.kubernetes.io/job-name="+name)
}

// poll waits until something is done. A moment without the cluster's API is no failure.
func (m Migration) poll(ctx context.Context, done func() (bool, error)) error {
	return wait.PollUntilContextCancel(ctx, 2*pause, true, func(context.Context) (bool, error) {
		is, err := done()
		var lost Lost
		if errors.As(err, &lost) || errors.Is(err, kubeconfig.ErrForbidden) {
			return false, err
		}
		return is && err == nil, nil
	})
}
