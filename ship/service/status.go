package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/mitchellh/go-wordwrap"
	"k8s.io/apimachinery/pkg/util/duration"
	v1 "sigs.k8s.io/gateway-api/apis/v1"

	"example.com/hello-world/infra/attestation"
	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/gateway"
	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/infra/label"
	"example.com/hello-world/supplier/progress"
)

// ErrNotHealthy says that a service is not healthy. Status has said why.
var ErrNotHealthy = errors.New("the service is not healthy")

// status is a service's status as it is written.
type status struct {
	Service
	progress.Printer
	cluster  *kubeconfig.Connection
	problems []string
	hasWayIn bool // an Ingress or an HTTPRoute leads to the server
}

// Status writes what a stack runs in its cluster, Pods by node, and what its registry has attached to the image. The service is
// healthy if all Pods are ready and of the last version, and the URL answers. If it is not, Status writes what is wrong and what
// happened last; the error is ErrNotHealthy.
func Status(ctx context.Context, s Service, registry config.Credentials, to progress.Printer) error {
	cluster, err := s.Reach(ctx)
	if err != nil {
		return err
	}
	w := &status{Service: s, Printer: to, cluster: cluster}
	image := s.Image
	if w.Terminal && len(image) > 66 {
		image = image[:65] + "…"
	}
	w.line("stack %s: %s", s.Stack, w.Bold(s.URL))
	w.line("  image       %s", image)
	if proof := attestation.Words(ctx, s.Image, s.Images, registry, s.SignedBy); proof != "" {
		w.line("  proof       %s", proof)
	}
	w.line("  context     %s, namespace %s", s.Context, s.Namespace)
	w.objects(ctx)
	live, done := w.rollout(ctx, s.App)
	all := live
	for _, beside := range s.Beside {
		more, _ := w.rollout(ctx, beside)
		all += more
	}
	if live == 0 && s.Replicas == 0 && len(w.problems) == 0 {
		w.line("%s", s.Idle())
		return nil
	}
	w.ask(ctx, done)
	if len(w.problems) == 0 {
		w.line("%s: %d of %d Pods are ready, and %s answers", w.Good("healthy"), all, all, s.HealthURL)
		return nil
	}
	w.line("what happened last:")
	w.events(ctx)
	w.line("%s:", w.Bad("not healthy"))
	for _, problem := range w.problems {
		w.wrapped(2, problem)
	}
	return ErrNotHealthy
}

func (w *status) line(format string, args ...any) { fmt.Fprintf(w.Out, format+"\n", args...) }

// wrapped writes text with an indent, on a terminal in lines of 80 columns.
func (w *status) wrapped(indent int, text string) {
	if w.Terminal {
		text = wordwrap.WrapString(text, uint(79-indent))
	}
	for line := range strings.Lines(text) {
		w.line("%s%s", strings.Repeat(" ", indent), strings.TrimSpace(line))
	}
}

// objects writes a line for each object, as kubectl's tables have them.
func (w *status) objects(ctx context.Context) {
	w.rows(ctx, "apps/v1", "deployments", func(c cells) {
		w.line("  deployment  %s: %s ready, %s up to date", c["Name"], c["Ready"], c["Up-to-date"])
	})
	w.rows(ctx, "v1", "services", func(c cells) {
		parts := []string{c["Type"], c["Cluster-IP"], c["External-IP"], c["Port(s)"]}
		parts = slices.DeleteFunc(parts, func(part string) bool { return part == "<none>" })
		w.line("  service     %s: %s", c["Name"], strings.Join(parts, ", "))
	})
	w.rows(ctx, "networking.k8s.io/v1", "ingresses", func(c cells) {
		if c["Address"] == "" {
			c["Address"] = "none yet"
		}
		w.hasWayIn = w.hasWayIn || c["Name"] == w.App+"-ingress"
		w.line("  ingress     %s: class %s, host %s, address %s", c["Name"], c["Class"], c["Hosts"], c["Address"])
	})
	w.routes(ctx)
	pods := map[string][]cells{}
	w.rows(ctx, "v1", "pods", func(c cells) { pods[c["Node"]] = append(pods[c["Node"]], c) })
	for _, node := range slices.Sorted(maps.Keys(pods)) {
		w.line("  Pods on %s", node)
		out := tabwriter.NewWriter(w.Out, 0, 0, 2, ' ', 0)
		for _, c := range pods[node] {
			restarts := ""
			if c["Restarts"] != "0" {
				restarts = "\trestarts: " + c["Restarts"]
			}
			fmt.Fprintf(out, "    %s\t%s\t%s\t%s\t%s%s\n", c["Name"], c["Ready"], c["Status"], c["Age"], c["IP"], restarts)
		}
		out.Flush()
	}
	w.others(ctx)
}

// job is what matters about a Job.
type job struct {
	kubeconfig.Object
	Status struct{ Active, Succeeded, Failed int }
}

// others writes what not every stack has, if these credentials may look at it.
func (w *status) others(ctx context.Context) {
	var jobs struct{ Items []job }
	if _, err := w.cluster.Read(ctx, w.path("batch/v1", "jobs"), &jobs); err == nil {
		for _, job := range jobs.Items {
			running := ""
			if job.Status.Active > 0 {
				running = "runs, "
			}
			w.line("  job         %s: %s%d succeeded, %d failed", job.Name, running, job.Status.Succeeded, job.Status.Failed)
			if job.Status.Active+job.Status.Succeeded+job.Status.Failed == 0 {
				w.line("              it has no Pod: kubectl describe job %s -n %s --context %s", job.Name, w.Namespace, w.Context)
			}
		}
		w.failed(jobs.Items)
	}
	may := &status{Service: w.Service, Printer: w.Printer, cluster: w.cluster} // what is not listed here is no problem
	may.rows(ctx, "batch/v1", "cronjobs", func(c cells) { w.line("  cron job    %s: %s %s", c["Name"], c["Schedule"], c["Timezone"]) })
	may.rows(ctx, "v1", "persistentvolumeclaims", func(c cells) { w.line("  claim       %s: %s", c["Name"], c["Status"]) })
}

// failed notes which of the stack's scheduled jobs failed when they ran last.
func (w *status) failed(jobs []job) {
	last := map[string]job{}
	for _, run := range jobs {
		name := run.Labels[label.Job]
		if before, there := last[name]; name != "" && run.Status.Active == 0 && (!there || run.CreationTimestamp.After(before.CreationTimestamp.Time)) {
			last[name] = run
		}
	}
	for _, name := range slices.Sorted(maps.Keys(last)) {
		if run := last[name]; run.Status.Failed > 0 {
			w.problems = append(w.problems, fmt.Sprintf("the job %s failed, which began %s ago: 'kubectl logs job/%s -n %s --context %s' shows what it said, 'make run JOB=%[1]s' runs it again",
				name, duration.HumanDuration(time.Since(run.CreationTimestamp.Time)), run.Name, w.Namespace, w.Context))
		}
	}
}

// cells are a row of a table, by the name of the column.
type cells map[string]string

// rows calls each with the rows that kubectl shows of objects of one kind.
func (w *status) rows(ctx context.Context, group, kind string, each func(cells)) {
	rows, err := w.cluster.Table(ctx, w.path(group, kind))
	if err != nil {
		w.problems = append(w.problems, fmt.Sprintf("the cluster does not list its %s: %v", kind, err))
	}
	for _, row := range rows {
		each(row.Cells)
	}
}

// routes writes the HTTPRoutes, if the cluster knows such, and notes which of them no Gateway takes.
func (w *status) routes(ctx context.Context) {
	var list struct{ Items []v1.HTTPRoute }
	_, _ = w.cluster.Read(ctx, w.path("gateway.networking.k8s.io/v1", "httproutes"), &list) // without them, less is said
	for _, route := range list.Items {
		hosts := cmp.Or(strings.Trim(fmt.Sprint(route.Spec.Hostnames), "[]"), "*")
		for _, joins := range route.Spec.ParentRefs {
			to := gateway.Of(joins, route.Namespace)
			w.line("  route       %s: Gateway %s, host %s", route.Name, to, hosts)
			reason, taken := gateway.Verdict(&route, to)
			w.hasWayIn = w.hasWayIn || taken && route.Name == w.App+"-route"
			if !taken {
				w.problems = append(w.problems, fmt.Sprintf("the Gateway %s does not lead to %s: %s", to, route.Name, cmp.Or(reason, "no controller has answered")))
			}
		}
	}
}

func (w *status) path(group, kind string) string {
	root := "/apis/" + group
	if group == "v1" {
		root = "/api/v1"
	}
	return root + "/namespaces/" + w.Namespace + "/" + kind
}

// rollout finds out whether all replicas of a Deployment are of the last version and ready. It returns how many are wanted now.
func (w *status) rollout(ctx context.Context, name string) (live int, done bool) {
	wrong := func(format string, args ...any) {
		of := ""
		if name != w.App {
			of = name + ": "
		}
		w.problems = append(w.problems, of+fmt.Sprintf(format, args...))
	}
	var now kubeconfig.Deployment
	there, err := w.cluster.Read(ctx, w.path("apps/v1", "deployments/"+name), &now)
	switch {
	case err != nil:
		wrong("%v", err)
		return 0, false
	case !there:
		wrong("there is no deployment %s", name)
		return 0, false
	}
	live, is := now.Spec.Replicas, now.Status
	if name == w.App && live < w.Replicas {
		wrong("it was scaled by hand to %d Pods, and the stack has %d", live, w.Replicas)
	}
	if runs := now.Spec.Template.Spec.Containers; name == w.App && len(runs) > 0 && runs[0].Image != w.Image {
		wrong("the image is %s, which is not what the stack deployed last: an update failed or did not end, or somebody else set it; `pulumi up --refresh` deploys what the stack says", runs[0].Image)
	}
	switch {
	case !now.Observed():
		wrong("the rollout has not begun")
	case is.UpdatedReplicas < live:
		wrong("%d of %d Pods are of the last version", is.UpdatedReplicas, live)
	case is.Replicas > is.UpdatedReplicas:
		wrong("old Pods are still there: %d", is.Replicas-is.UpdatedReplicas)
	case is.AvailableReplicas < is.UpdatedReplicas:
		wrong("%d of %d Pods are ready", is.AvailableReplicas, live)
	default:
		return live, true
	}
	pods, _ := w.cluster.Pods(ctx, w.Namespace, "app="+name) // without them, less is said
	for _, pod := range pods {
		if failures, said := pod.Failures(); failures > 0 && !pod.Ready() {
			wrong("%s: %s", pod.Name, said)
			break // the others rarely say more
		}
	}
	if refused, there := kubeconfig.ConditionOf(is.Conditions, "ReplicaFailure"); there && refused.Status == "True" { // by a quota or a policy
		wrong("%s", refused.Message)
	}
	return live, false
}

// ask asks the service itself.
func (w *status) ask(ctx context.Context, rolledOut bool) {
	_, err := w.Answer(ctx, 3*time.Second, rolledOut && w.hasWayIn)
	if err == nil {
		return
	}
	problem := err.Error()
	if errors.Is(err, errNotFound) && !w.hasWayIn {
		problem += ", and no Ingress or HTTPRoute leads there: if one was deleted, `pulumi up --refresh` restores it"
	}
	w.problems = append(w.problems, problem)
}

// events writes the last events.
func (w *status) events(ctx context.Context) {
	events, _ := LastEvents(ctx, w.cluster, w.Namespace, 10) // without them, less is said
	for _, e := range events {
		w.line("  %s/%s: %s, %s ago", e.InvolvedObject.Kind, e.InvolvedObject.Name, e.Reason, duration.HumanDuration(time.Since(e.At())))
		w.wrapped(4, e.Message)
	}
}

// LastEvents returns the last events of a namespace, the newest last, but not that Pods that drain, or are gone, fail their
// probes, which means nothing.
func LastEvents(ctx context.Context, cluster *kubeconfig.Connection, namespace string, most int) ([]kubeconfig.Event, error) {
	events, err := cluster.Events(ctx, namespace)
	if err != nil {
		return nil, err
	}
	pods, _ := cluster.Pods(ctx, namespace, "")
	events = slices.DeleteFunc(events, func(e kubeconfig.Event) bool {
		return e.Reason == "Unhealthy" && !slices.ContainsFunc(pods, func(p kubeconfig.Pod) bool { return p.Name == e.InvolvedObject.Name && !p.Leaves() })
	})
	slices.SortFunc(events, func(a, b kubeconfig.Event) int { return a.At().Compare(b.At()) })
	return events[max(0, len(events)-most):], nil
}
