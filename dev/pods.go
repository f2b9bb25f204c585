package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"example.com/hello-world/infra/kubeconfig"
)

// service says where the stack's service runs, as the stack's outputs do.
type service struct{ context, namespace, app string }

// cluster looks at a service's Pods. It connects when it first looks.
type cluster struct {
	service
	connection *kubeconfig.Connection
}

// pod is what matters about a Pod.
type pod struct {
	kubeconfig.Object
	Status struct{ ContainerStatuses []container }
}

type container struct {
	Ready            bool
	RestartCount     int
	State, LastState struct {
		Waiting    struct{ Reason, Message string }
		Terminated *end
	}
}

// end is how a container ended. Kubernetes keeps the end of its log as the message.
type end struct {
	ExitCode        int
	Reason, Message string
}

// pods returns the Pods that may answer, those that drain included, and those that may yet get ready.
func (c *cluster) pods(ctx context.Context) ([]pod, error) {
	if c.connection == nil {
		config, err := kubeconfig.Read(kubeconfig.Files())
		if contents := os.Getenv("DEV_KUBECONFIG"); contents != "" {
			config, err = kubeconfig.Parse(contents)
		}
		if err == nil {
			c.connection, err = config.Reach(ctx, c.context)
		}
		if err != nil {
			return nil, err
		}
	}
	var list struct{ Items []pod }
	const notEnded = "status.phase!=Failed,status.phase!=Succeeded"
	query := url.Values{"labelSelector": {"app=" + c.app}, "fieldSelector": {notEnded}}
	_, err := c.connection.Read(ctx, "/api/v1/namespaces/"+c.namespace+"/pods?"+query.Encode(), &list)
	return list.Items, err
}

// awaitOneVersion waits until all Pods are of one version, so that no answer of another follows: while old ones drain, they
// go on answering on the connections that they have.
func (c *cluster) awaitOneVersion(ctx context.Context) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(pause) {
		pods, err := c.pods(ctx)
		several := slices.ContainsFunc(pods, func(p pod) bool { return p.version() != pods[0].version() })
		if err == nil && !several {
			return nil
		}
		if ctx.Err() != nil || time.Now().After(deadline) {
			return cmp.Or(err, errors.New("its Pods are still there"))
		}
	}
}

func (p pod) ready() bool {
	return slices.ContainsFunc(p.Status.ContainerStatuses, func(c container) bool { return c.Ready })
}

func (p pod) version() string { return p.Labels["pod-template-hash"] }

// failures counts how often each Pod has failed.
func (c *cluster) failures(ctx context.Context) (map[string]int, error) {
	pods, err := c.pods(ctx)
	failures := map[string]int{}
	for _, p := range pods {
		failures[p.Name], _ = p.failures()
	}
	return failures, err
}

// awaitFailure waits until a Pod fails more often than before, and returns what it said last; nil when ctx ends. While one
// version replaces another, only new Pods count.
func (c *cluster) awaitFailure(ctx context.Context, before map[string]int, onlyNew bool) error {
	for {
		pods, _ := c.pods(ctx) // if the cluster does not answer now, it will
		for _, p := range pods {
			last, old := before[p.Name]
			if count, said := p.failures(); count > last && !(old && onlyNew) && p.DeletionTimestamp == nil {
				return fmt.Errorf("%s %s", p.Name, said)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second / 2):
		}
	}
}

// remains says what is there after a failed update.
func (c *cluster) remains(ctx context.Context) string {
	pods, err := c.pods(ctx)
	switch {
	case err != nil:
		return "the cluster does not answer: `make up` starts it, if it is the one on kind"
	case slices.ContainsFunc(pods, pod.ready):
		return "the previous version keeps running"
	}
	return "and no Pod is ready"
}

// failures returns how often the Pod's containers have failed, and what the last one said.
func (p pod) failures() (count int, said string) {
	for _, c := range p.Status.ContainerStatuses {
		count += c.RestartCount
		waiting := c.State.Waiting
		stuck := !slices.Contains([]string{"", "ContainerCreating", "PodInitializing"}, waiting.Reason)
		if stuck {
			said = fmt.Sprintf("does not start (%s)\n%s", waiting.Reason, waiting.Message)
		}
		if stuck || c.State.Terminated != nil {
			count++
		}
		if ended := cmp.Or(c.State.Terminated, c.LastState.Terminated); ended != nil {
			said = fmt.Sprintf("ended with exit code %d (%s)\n%s", ended.ExitCode, ended.Reason, ended.Message)
		}
	}
	return count, strings.TrimSpace(said)
}
