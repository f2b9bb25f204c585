package top

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/ship/service"
)

const (
	window = 10 * time.Second // what figures of requests are about: with few requests, a shorter one would jump about
	atOnce = 8                // Pods and nodes that are asked at the same time
	events = 10
)

// look is what there is to see of a service at one time.
type look struct {
	service.Service
	at      time.Time
	servers []server
	pods    []pod // those that are not well first
	events  []kubeconfig.Event
	wrong   error // why the rest is from an earlier time
}

// server is a Deployment of the stack.
type server struct {
	name         string
	ready, wants int
	figures
	lacks string // why it has no figures; "" if it has some, will have some, or serves nothing
}

// pod is a Pod with what kubectl shows of it.
type pod struct {
	kubeconfig.Pod
	status, restarts, age string
	usage                 *usage // nil if nobody says
	figures
	now   *counts // since it started; nil if it does not say
	lacks string  // why
}

// figures are what was answered in some time.
type figures struct {
	counts
	in time.Duration // 0: nobody knows
}

// perSecond returns a count per second.
func (f figures) perSecond(count float64) float64 { return count / f.in.Seconds() }

func (f *figures) add(more counts, in time.Duration) {
	f.counts = f.plus(more, 1)
	f.in += in
}

// watch looks at a service again and again.
type watch struct {
	service.Service
	cluster *kubeconfig.Connection

	last   look
	passed []interval // the last ones, which fill the window
}

// interval is the time between two looks.
type interval struct {
	took     time.Duration
	answered map[answerer]counts
}

// answerer names a Pod of a Deployment.
type answerer struct{ server, pod string }

// look returns what there is to see now. If the cluster does not say, it is what there was to see before.
func (w *watch) look(ctx context.Context) look {
	seen, err := w.see(ctx)
	if err != nil {
		w.last.wrong = err
		return w.last
	}
	w.compare(&seen)
	w.last = seen
	return seen
}

// see reads all that the cluster says, but for what is about the time between two looks.
func (w *watch) see(ctx context.Context) (seen look, err error) {
	seen = look{Service: w.Service, at: time.Now()}
	if seen.pods, err = w.podsNow(ctx); err != nil {
		return seen, err
	}
	nodes := map[string]bool{}
	for _, p := range seen.pods {
		nodes[p.Spec.NodeName] = true
	}
	delete(nodes, "")
	var used map[string]usage
	var group errgroup.Group
	group.Go(func() (err error) { seen.servers, err = w.servers(ctx, seen.pods); return err })
	group.Go(func() error {
		seen.events, _ = service.LastEvents(ctx, w.cluster, w.Namespace, events) // without them, less is said
		return nil
	})
	group.Go(func() error {
		used = usageOf(ctx, w.cluster, w.Namespace, slices.Collect(maps.Keys(nodes)))
		return nil
	})
	var askers errgroup.Group
	askers.SetLimit(atOnce)
	for i := range seen.pods {
		askers.Go(func() error { w.count(ctx, &seen.pods[i]); return nil })
	}
	_ = askers.Wait() // nothing fails
	err = group.Wait()
	for i, p := range seen.pods {
		if u, there := used[p.Name]; there {
			seen.pods[i].usage = &u
		}
	}
	return seen, err
}

// podsNow returns the Pods of all Deployments, with what kubectl shows of them, those that are not well first.
func (w *watch) podsNow(ctx context.Context) (pods []pod, err error) {
	rows, err := w.cluster.Table(ctx, kubeconfig.NamespacePath(w.Namespace)+"/pods?includeObject=Object&labelSelector="+url.QueryEscape(w.Selector()))
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		p := pod{status: row.Cells["Status"], restarts: strings.Replace(row.Cells["Restarts"], " ago", "", 1), age: row.Cells["Age"]}
		if err := json.Unmarshal(row.Object, &p.Pod); err != nil {
			return nil, err
		}
		if p.status == "Running" && !p.Ready() {
			p.status = "NotReady"
		}
		pods = append(pods, p)
	}
	slices.SortFunc(pods, func(a, b pod) int {
		return cmp.Or(-cmp.Compare(a.illness(), b.illness()), strings.Compare(a.Name, b.Name))
	})
	return pods, nil
}

// illness is the higher, the sooner somebody should look at the Pod.
func (p pod) illness() int {
	switch {
	case p.Ready() && !p.Leaves():
		return 0
	case p.Leaves():
		return 1
	}
	return 2
}

// servers returns the stack's Deployments, the server's own first.
func (w *watch) servers(ctx context.Context, pods []pod) (servers []server, err error) {
	var list struct{ Items []kubeconfig.Deployment }
	if _, err := w.cluster.Read(ctx, "/apis/apps/v1/namespaces/"+w.Namespace+"/deployments", &list); err != nil {
		return nil, err
	}
	for _, name := range append([]string{w.App}, w.Beside...) {
		s := server{name: name}
		for _, deployment := range list.Items {
			if deployment.Name == name {
				s.wants = deployment.Spec.Replicas
			}
		}
		for _, p := range pods {
			if p.answerer().server == name && p.Ready() && !p.Leaves() {
				s.ready++
			}
		}
		servers = append(servers, s)
	}
	return servers, nil
}

// count asks a Pod what it has answered so far.
func (w *watch) count(ctx context.Context, p *pod) {
	port, serves := 0, false
	for _, container := range p.Spec.Containers {
		for _, of := range container.Ports {
			serves = true
			if of.Name == "admin" {
				port = of.ContainerPort
			}
		}
	}
	if !serves || !slices.ContainsFunc(p.Status.ContainerStatuses, func(c kubeconfig.Container) bool { return c.State.Running != nil }) {
		return
	}
	if port == 0 {
		p.lacks = "it has no port called admin"
		return
	}
	text, err := ask(ctx, w.cluster, w.Namespace, p.Name, port, "/metrics")
	if err == nil {
		var now counts
		if now, err = read(bytes.NewReader(text)); err == nil {
			p.now = &now
			return
		}
	}
	p.lacks = err.Error()
}

// compare finds out what was answered since the last look, and adds up what was within the window.
func (w *watch) compare(seen *look) {
	since := interval{seen.at.Sub(w.last.at), map[answerer]counts{}}
	for _, before := range w.last.pods {
		for _, p := range seen.pods {
			if p.UID == before.UID && p.now != nil && before.now != nil {
				since.answered[p.answerer()] = p.now.since(*before.now)
			}
		}
	}
	if !w.last.at.IsZero() {
		w.passed = append(w.passed, since)
		for rest := w.passed[1:]; took(rest) >= window; rest = rest[1:] {
			w.passed = rest
		}
	}
	for i := range seen.pods {
		p := &seen.pods[i]
		for _, passed := range w.passed {
			if counts, there := passed.answered[p.answerer()]; there {
				p.add(counts, passed.took)
			}
		}
	}
	for i := range seen.servers {
		s := &seen.servers[i]
		for _, passed := range w.passed {
			sum, there := counts{}, false
			for of, counts := range passed.answered {
				if of.server == s.name {
					sum, there = sum.plus(counts, 1), true
				}
			}
			if there {
				s.add(sum, passed.took)
			}
		}
		for _, p := range seen.pods {
			if p.answerer().server == s.name && s.in == 0 {
				s.lacks = cmp.Or(s.lacks, p.lacks)
			}
		}
	}
}

// took returns how long intervals took together.
func took(intervals []interval) (sum time.Duration) {
	for _, i := range intervals {
		sum += i.took
	}
	return sum
}

func (p pod) answerer() answerer { return answerer{p.Labels["app"], p.Name} }
