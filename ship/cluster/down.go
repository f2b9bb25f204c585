package cluster

import (
	"context"
	"fmt"
	"io"

	"example.com/hello-world/ship/docker"
)

// Down removes the cluster, and its registries if Up made them. It is no error if they are not there.
func (c Cluster) Down(ctx context.Context) error {
	if !docker.Answers(ctx) {
		return fmt.Errorf("nothing was removed: no Docker Engine answers, and the cluster %s may still be there", c.Name)
	}
	if c.Exists(ctx) && !c.ours(ctx) {
		return fmt.Errorf("this project did not make the cluster %s, so it stays: 'kind delete cluster --name %[1]s' removes it", c.Name)
	}
	registry, err := c.made(ctx, c.Registry)
	if err != nil {
		return err
	}
	if c.Exists(ctx) {
		too := ": goes"
		if len(registry) > 0 {
			too = fmt.Sprintf(", registry %s: go", c.Registry)
		}
		c.Begins("cluster %s%s, with all that is there", c.Name, too)
	}
	if err := c.kind(io.Discard).Delete(c.Name, ""); err != nil {
		return err
	}
	_, _ = docker.Run(ctx, "volume", "rm", c.creating())
	for _, registry := range []string{c.reader(), c.Registry} {
		if err := c.removeContainer(ctx, registry); err != nil {
			return err
		}
	}
	if _, traefik, err := c.images(); err == nil {
		_, _ = docker.Run(ctx, "rmi", c.copyOf(traefik)) // fill made it
	}
	if len(registry) > 0 {
		c.Say("registry %s: gone", c.Registry)
	}
	c.Say("cluster %s: gone", c.Name)
	return nil
}
