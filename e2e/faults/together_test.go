//go:build e2e

package faults

import (
	"slices"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/load"
)

// testNodes drains a worker on which all five servers run, and kills one.
func testNodes(t *testing.T) {
	var all []*deployment
	for _, server := range []server{slow, streams, api, hungry, abrupt} {
		all = append(all, server.copy(t))
	}
	t.Run("Up", func(t *testing.T) {
		for _, d := range all {
			t.Run(d.name, func(t *testing.T) {
				t.Parallel()
				d.up(t)
			})
		}
	})
	if t.Failed() {
		return
	}
	database := hello.Pods(t, api.name+"-database")[0].Node
	node := slices.DeleteFunc(workers(t), func(node string) bool { return node == database })[0]

	reports := underLoads(all, func() {
		hello.Kubectl(t, "drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout", "300s")
		for _, d := range all {
			d.whole(t)
		}
	})
	for i, d := range all {
		t.Logf("%s, the node is drained: %s", d.name, reports[i])
		if reports[i].Bad > 0 || reports[i].Slowest > stall {
			t.Errorf("the users of %s noticed: %s", d.name, reports[i])
		}
	}
	hello.Kubectl(t, "uncordon", node)

	for _, d := range all { // so that they are on both
		d.Kubectl(t, "rollout", "restart", "deployment/hello", "-n", d.name)
	}
	for _, d := range all {
		d.Kubectl(t, "rollout", "status", "deployment/hello", "-n", d.name, "--timeout", "300s")
		d.whole(t)
	}
	t.Cleanup(func() { // later scenarios need it
		drive.Docker(t, "start", node)
		hello.Kubectl(t, "wait", "nodes", "--all", "--for", "condition=Ready", "--timeout", "300s")
	})
	there := map[string]int{}
	for _, d := range all {
		there[d.name] = len(d.Pods(t, d.name).On(node))
	}
	reports = underLoads(all, func() {
		drive.Docker(t, "kill", node)
		for _, d := range all {
			d.AwaitPods(t, d.name, 2*drive.Patience, func(pods drive.Pods) bool {
				return len(pods.Elsewhere(node).Ready()) == d.outputs.Replicas
			})
		}
	})
	for i, d := range all {
		t.Logf("%s, %d of its %d Pods were on the killed node: %s", d.name, there[d.name], d.outputs.Replicas, reports[i])
		if there[d.name] < d.outputs.Replicas && reports[i].Bad > load.Connections {
			t.Errorf("%s lost more than was under way: %s", d.name, reports[i])
		}
	}
}

// underLoads sends requests to all while something happens, and a little longer.
func underLoads(all []*deployment, happens func()) (reports []load.Report) {
	var streams []*load.Stream
	for _, d := range all {
		stream := load.Start(d.url(), d.says, 50)
		defer stream.Stop() // if the test ends early
		streams = append(streams, stream)
	}
	time.Sleep(300 * time.Millisecond)
	happens()
	time.Sleep(2 * time.Second)
	for _, stream := range streams {
		reports = append(reports, stream.Stop())
	}
	return reports
}

// testUnderDev puts a server in the place of the hello server, and edits it while `make dev` watches.
func testUnderDev(t *testing.T) {
	hello.Running(t, "replicas=3") // with the Ingress controller
	p := site.Copy(t)
	t.Cleanup(func() { p.Kubectl(t, "delete", "namespace", "edited", "--ignore-not-found", "--wait=false") })
	if said, err := p.Output("bash", "-euc", "rm -r app && mkdir app && cp e2e/servers/abrupt/main.go app"); err != nil {
		t.Fatal(said, err)
	}
	p.Pulumi(t, "stack", "select", "--create", hello.Name)
	p.Configure(t, slices.Concat(drive.Configuration(site.Settings), []string{
		"ingressController=none", "namespace=edited", "path=/edited", "healthPath=/healthz", "rolloutTimeout=600", "addressTimeout=600",
	})...)
	says := p.Watching(t, hello.Name)
	says(t, "start: rolled out in", "the service answers")
	d := deployment{server: server{name: "edited", page: "/offers", says: "offers"}, Project: p, outputs: p.Outputs(t)}
	d.answers(t, "offers, version")

	p.Edit(t, "app/main.go", "offers, version", "offers of today, version")
	says(t, "app/main.go: rolled out in", "the service answers")
	d.answers(t, "offers of today")

	p.Edit(t, "app/main.go", "package main\n", "package main\n\nfunc broken( {\n")
	says(t, "app/main.go: failed after", "the previous version keeps running")
	d.answers(t, "offers of today")
}
