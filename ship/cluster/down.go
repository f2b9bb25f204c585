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
	c.Say("cluster %s: gone", c.Name)
	return nil
}
