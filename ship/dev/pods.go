package dev

import (
	"context"
	"fmt"
	"slices"
	"time"

	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/ship/service"
)

// cluster looks at a service's Pods. It connects when it first looks.
type cluster struct {
	service.Service
	connection *kubeconfig.Connection
}

// pods returns the Pods that may answer, those that drain included, and those that may yet get ready.
func (c *cluster) pods(ctx context.Context) ([]kubeconfig.Pod, error) {
	if c.connection == nil {
		var err error
		if c.connection, err = c.Reach(ctx); err != nil {
			return nil, err
		}
	}
	pods, err := c.connection.Pods(ctx, c.Namespace, c.Selector())
	return slices.DeleteFunc(pods, kubeconfig.Pod.Ended), err
}

// failures counts how often each Pod has failed.
func (c *cluster) failures(ctx context.Context) (map[string]int, error) {
	pods, err := c.pods(ctx)
	failures := map[string]int{}
	for _, p := range pods {
		failures[p.Name], _ = p.Failures()
	}
	return failures, err
}

// awaitFailure waits until a Pod fails more often than before, and returns what it said last; nil when ctx ends.
func (c *cluster) awaitFailure(ctx context.Context, before map[string]int) error {
	for {
		pods, _ := c.pods(ctx) // if the cluster does not answer now, it will
		for _, p := range pods {
			if count, said := p.Failures(); count > before[p.Name] && !p.Leaves() {
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
