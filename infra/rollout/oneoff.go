package rollout

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"example.com/hello-world/infra/label"
)

// oneOff returns a Job that runs a Deployment's Pod template once, without the labels that would make its Pod one of the
// service's, and without the volume, which one Pod has at a time. Each container is changed as change says.
func (w Watch) oneOff(name, kind string, template map[string]any, change func(container map[string]any)) map[string]any {
	spec := map[string]any{}
	given, _ := template["spec"].(map[string]any)
	maps.Copy(spec, given)
	spec["restartPolicy"] = "Never"
	var claimed []any
	spec["volumes"], claimed = without(given["volumes"], func(volume map[string]any) bool { return volume["persistentVolumeClaim"] != nil })
	containers, _ := given["containers"].([]any)
	containers = slices.Clone(containers)
	for i, container := range containers {
		container, _ := container.(map[string]any)
		container = maps.Clone(container)
		delete(container, "lifecycle") // it has no clients to wait for when it stops
		container["volumeMounts"], _ = without(container["volumeMounts"], func(mount map[string]any) bool { return slices.Contains(claimed, mount["name"]) })
		change(container)
		containers[i] = container
	}
	spec["containers"] = containers
	labels := map[string]any{kind: w.Name, label.OneOffOf: w.Name}
	return map[string]any{
		"apiVersion": "batch/v1",
		"kind":       "Job",
		"metadata":   map[string]any{"name": name, "labels": labels},
		"spec": map[string]any{
			"backoffLimit": 0,
			"template":     map[string]any{"metadata": map[string]any{"labels": labels}, "spec": spec},
		},
	}
}

// without returns a list of objects without those that are left out, and the names of these.
func without(list any, leftOut func(object map[string]any) bool) (rest, names []any) {
	all, _ := list.([]any)
	for _, entry := range all {
		object, _ := entry.(map[string]any)
		if leftOut(object) {
			names = append(names, object["name"])
		} else {
			rest = append(rest, entry)
		}
	}
	return rest, names
}

// ImageOf returns the image of a Pod template.
func ImageOf(template map[string]any) string {
	spec, _ := template["spec"].(map[string]any)
	containers, _ := spec["containers"].([]any)
	if len(containers) == 0 {
		return ""
	}
	container, _ := containers[0].(map[string]any)
	image, _ := container["image"].(string)
	return image
}

// withArguments makes a server's container one that runs the image's command with these arguments, and serves nobody.
func withArguments(arguments []string) func(container map[string]any) {
	return func(container map[string]any) {
		for _, ofServer := range []string{"ports", "startupProbe", "readinessProbe", "livenessProbe"} {
			delete(container, ofServer)
		}
		container["args"] = arguments
	}
}

// jobs is the API's path of the namespace's Jobs.
func (w Watch) jobs() string { return "/apis/batch/v1/namespaces/" + w.Namespace + "/jobs" }

// remove removes a Job with its Pod, if it is there.
func (w Watch) remove(ctx context.Context, job string) error {
	return w.Cluster.Delete(ctx, w.jobs()+"/"+job, map[string]any{"propagationPolicy": "Foreground"})
}

// removeAndWait returns when the Job is gone.
func (w Watch) removeAndWait(ctx context.Context, job string, patience time.Duration) error {
	if err := w.remove(ctx, job); err != nil {
		return err
	}
	if err := w.until(ctx, patience, func() (gone bool, err error) {
		there, err := w.Cluster.Object(ctx, w.jobs()+"/"+job)
		return there == nil && err == nil, err
	}, nothing); err != nil {
		return fmt.Errorf("the Job %s is still there: %w", job, err)
	}
	return nil
}

// check asks the cluster whether it would take a Job. It starts nothing.
func (w Watch) check(ctx context.Context, job map[string]any) error {
	if found, err := w.Cluster.Namespace(ctx, w.Namespace); err != nil || found == nil {
		return nil // the update creates it, or says what is wrong
	}
	err := w.Cluster.Create(ctx, w.jobs()+"?dryRun=All", job)
	if err != nil && strings.Contains(err.Error(), "cannot create resource") {
		return nil // whoever may only look can preview, too
	}
	return err
}
