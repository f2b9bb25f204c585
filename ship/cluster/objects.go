package cluster

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"example.com/hello-world/infra/kubeconfig"
)

// connect connects to the cluster, whatever the user's kubeconfig says.
func (c Cluster) connect(ctx context.Context) (*kubeconfig.Connection, error) {
	text, err := c.kind(io.Discard).KubeConfig(c.Name, false)
	if err != nil {
		return nil, err
	}
	config, err := kubeconfig.Parse(text)
	if err != nil {
		return nil, err
	}
	return config.Reach(ctx, c.Context())
}

// Namespace is a namespace, and the stack that made it; "" if none did.
type Namespace struct{ Name, Stack, State string }

// Namespaces returns the namespaces of the cluster.
func (c Cluster) Namespaces(ctx context.Context) (all []Namespace, err error) {
	var list struct{ Items []kubeconfig.Object }
	to, err := c.connect(ctx)
	if err == nil {
		_, err = to.Read(ctx, "/api/v1/namespaces", &list)
	}
	for _, n := range list.Items {
		all = append(all, Namespace{n.Name, n.Annotations["hello-world/stack"], n.Annotations["hello-world/state"]})
	}
	return all, err
}

// A pod is what matters about a Pod after a restart.
type pod struct {
	kubeconfig.Object
	Spec   struct{ NodeName string }
	Status struct {
		PodIP             string
		ContainerStatuses []struct {
			State struct {
				Running *struct{ StartedAt time.Time }
			}
		}
	}
}

func (p pod) name() string { return p.Namespace + "/" + p.Name }

// outdated returns what the cluster reports although it was true only before a restart: that Pods are ready, until the kubelet
// of their node runs again, and that Services lead to the addresses that their Pods had, until the controllers have caught up.
// Nodes give out the same addresses again, so meanwhile a request can reach a Pod of another Service.
func (c Cluster) outdated(ctx context.Context, to *kubeconfig.Connection, nodes []string) ([]string, error) {
	var pods struct{ Items []pod }
	if _, err := to.Read(ctx, "/api/v1/pods", &pods); err != nil {
		return nil, err
	}
	started := map[string]time.Time{}
	for _, node := range nodes {
		at, err := time.Parse(time.RFC3339Nano, inspect(ctx, node, "{{.State.StartedAt}}"))
		if err != nil {
			return nil, err
		}
		started[node] = at.Truncate(time.Second)
	}
	found, addresses := map[string]bool{}, map[string]bool{}
	for _, p := range pods.Items {
		addresses[p.name()+" "+p.Status.PodIP] = true
		for _, container := range p.Status.ContainerStatuses {
			if run := container.State.Running; run != nil && run.StartedAt.Before(started[p.Spec.NodeName]) {
				found[p.name()] = true
			}
		}
	}
	var slicesOfServices struct {
		Items []struct {
			Endpoints []struct {
				Addresses []string
				TargetRef *struct{ Kind, Namespace, Name string }
			}
		}
	}
	if _, err := to.Read(ctx, "/apis/discovery.k8s.io/v1/endpointslices", &slicesOfServices); err != nil {
		return nil, err
	}
	for _, slice := range slicesOfServices.Items {
		for _, e := range slice.Endpoints {
			if of := e.TargetRef; of != nil && of.Kind == "Pod" && len(e.Addresses) > 0 && !addresses[of.Namespace+"/"+of.Name+" "+e.Addresses[0]] {
				found[of.Namespace+"/"+of.Name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// notReady returns what the cluster still waits for: nodes, and the Pods of its DNS.
func notReady(ctx context.Context, to *kubeconfig.Connection, nodes []string) ([]string, error) {
	var list struct {
		Items []struct {
			kubeconfig.Object
			Status struct{ Conditions []kubeconfig.Condition }
		}
	}
	if _, err := to.Read(ctx, "/api/v1/nodes", &list); err != nil {
		return nil, err
	}
	missing := slices.Clone(nodes)
	for _, node := range list.Items {
		if ready, _ := kubeconfig.ConditionOf(node.Status.Conditions, "Ready"); ready.Status == "True" {
			missing = slices.DeleteFunc(missing, func(name string) bool { return name == node.Name })
		}
	}
	for i := range missing {
		missing[i] = "node " + missing[i]
	}
	var dns kubeconfig.Deployment
	if _, err := to.Read(ctx, "/apis/apps/v1/namespaces/kube-system/deployments/coredns", &dns); err != nil {
		return nil, err
	}
	if !dns.Complete() {
		missing = append(missing, "coredns")
	}
	return missing, nil
}

// until asks once a second until nothing is missing. If that takes a while, it says what it waits for. The error of a cluster
// that does not get there in ten minutes is late's.
func (c Cluster) until(ctx context.Context, waits string, missing func() ([]string, error), late func(missing string) error) error {
	said := false
	for deadline := time.Now().Add(10 * time.Minute); ; {
		lacks, err := missing()
		if err == nil && len(lacks) == 0 {
			return nil
		}
		if err != nil {
			lacks = []string{err.Error()}
		}
		if time.Now().After(deadline) {
			return late(strings.Join(lacks, ", "))
		}
		if !said {
			c.Begins("%s", fmt.Sprintf("cluster %s: %s", c.Name, waits))
			said = true
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Second):
		}
	}
}
