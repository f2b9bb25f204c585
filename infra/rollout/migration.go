package rollout

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/infra/label"
)

// Migration runs a command of a new version before any of its Pods start: once for each image and command, and one at a time.
//
// Its Job stays in the cluster, as the proof that it has run. If this program ends meanwhile, the Job goes on.
type Migration struct {
	OneOff
	Arguments []string // of the image's command
}

// kept is how many finished migrations stay in the cluster.
const kept = 10

// Ran reports whether the migration for a Deployment's Pod template has run.
func (m Migration) Ran(ctx context.Context, template map[string]any) (bool, error) {
	var job oneOffJob
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
	var job oneOffJob
	there, err := m.Cluster.Read(ctx, m.jobs()+"/"+name, &job)
	switch {
	case err != nil:
		return err
	case there && job.is("Complete"):
		return nil
	case there && job.is("Failed"):
		if _, err := m.ended(ctx, job); err != nil {
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
	if job, err = m.follow(ctx, name); err != nil {
		return err
	}
	if job.is("Complete") {
		return m.tidy(ctx, name)
	}
	container, err := m.ended(ctx, job)
	if err != nil {
		return err
	}
	return fmt.Errorf("it failed: %s", container.Said())
}

// Check asks the cluster whether it would take the Job, in a preview. It starts nothing.
func (m Migration) Check(ctx context.Context, template map[string]any) error {
	return m.check(ctx, m.job(m.Name+"-migrate-preview", template))
}

// name is that of the Job: another image or another command makes another one.
func (m Migration) name(template map[string]any) string {
	text, _ := json.Marshal([]any{ImageOf(template), m.Arguments}) // of texts
	return fmt.Sprintf("%s-migrate-%.5x", m.Name, sha256.Sum256(text))
}

func (m Migration) job(name string, template map[string]any) map[string]any {
	job := m.oneOff(name, label.MigrationOf, template, withArguments(m.Arguments))
	job["spec"].(map[string]any)["activeDeadlineSeconds"] = int(m.Timeout.Seconds())
	return job
}

// all returns the migrations that the cluster has, the oldest first.
func (m Migration) all(ctx context.Context) ([]oneOffJob, error) {
	var list struct{ Items []oneOffJob }
	_, err := m.Cluster.Read(ctx, m.jobs()+"?labelSelector="+url.QueryEscape(label.MigrationOf+"="+m.Name), &list)
	slices.SortFunc(list.Items, func(a, b oneOffJob) int { return a.CreationTimestamp.Compare(b.CreationTimestamp.Time) })
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
		i := slices.IndexFunc(jobs, func(j oneOffJob) bool { return j.Name != name && !j.finished() })
		if i >= 0 && !told {
			told = true
			m.Say("waiting for the migration of another version: " + jobs[i].Name)
		}
		return i < 0, nil
	})
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
