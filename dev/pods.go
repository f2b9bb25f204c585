package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
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

// pods returns the Pods that may answer, those that drain included, and those that may yet get ready.
func (c *cluster) pods(ctx context.Context) ([]kubeconfig.Pod, error) {
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
	pods, err := c.connection.Pods(ctx, c.namespace, "app="+c.app)
	return slices.DeleteFunc(pods, kubeconfig.Pod.Ended), err
}

// awaitOneVersion waits until all Pods are of one version, so that no answer of another follows: while old ones drain, they
// go on answering on the connections that they have.
func (c *cluster) awaitOneVersion(ctx context.Context) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(pause) {
		pods, err := c.pods(ctx)
		several := slices.ContainsFunc(pods, func(p kubeconfig.Pod) bool { return version(p) != version(pods[0]) })
		if err == nil && !several {
			return nil
		}
		if ctx.Err() != nil || time.Now().After(deadline) {
			return cmp.Or(err, errors.New("its Pods are still there"))
		}
	}
}

func version(p kubeconfig.Pod) string { return p.Labels["pod-template-hash"] }

// failures counts how often each Pod has failed.
func (c *cluster) failures(ctx context.Context) (map[string]int, error) {
	pods, err := c.pods(ctx)
	failures := map[string]int{}
	for _, p := range pods {
		failures[p.Name], _ = p.Failures()
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
			if count, said := p.Failures(); count > last && !(old && onlyNew) && !p.Leaves() {
				return fmt.Errorf("%s: %s", p.Name, said)
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
	case slices.ContainsFunc(pods, kubeconfig.Pod.Ready):
		return "the previous version keeps running"
	}
	return "and no Pod is ready"
}
