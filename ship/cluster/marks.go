package cluster

import (
	"context"
	"strings"

	"example.com/hello-world/ship/docker"
)

// A file that marks the control plane of a cluster that this project made.
const mark = "/kind/hello-world"

// label marks the containers and volumes that this project made for a cluster.
func (c Cluster) label() string { return "hello-world.cluster=" + c.Name }

// creating is a volume that exists while the cluster is being created, and stays if that is interrupted. Nothing else proves
// that the cluster is not in use yet.
func (c Cluster) creating() string { return "hello-world-creating-" + c.Name }

// HalfMade reports whether the creation of the cluster was interrupted.
func (c Cluster) HalfMade(ctx context.Context) bool {
	_, err := docker.Run(ctx, "volume", "inspect", c.creating())
	return err == nil
}

// Exists reports whether there is a cluster of that name.
func (c Cluster) Exists(ctx context.Context) bool { return exists(ctx, c.controlPlane()) }

// ours reports whether this project made the cluster, so that it may be removed. Earlier versions left no mark, but made nodes
// look for GitHub's images in the registry, which no other tool does.
func (c Cluster) ours(ctx context.Context) bool {
	if c.HalfMade(ctx) {
		return true
	}
	for _, file := range []string{mark, "/etc/containerd/certs.d/ghcr.io/hosts.toml"} {
		if _, err := docker.Run(ctx, "cp", c.controlPlane()+":"+file, "-"); err == nil {
			return true
		}
	}
	return false
}

// made returns the id of a container if this project made it for the cluster.
func (c Cluster) made(ctx context.Context, name string) (ids []string, err error) {
	said, err := docker.Run(ctx, "ps", "--all", "--quiet", "--filter", "name=^"+name+"$", "--filter", "label="+c.label())
	return strings.Fields(said), err
}

// removeContainer removes a container if this project made it for the cluster.
func (c Cluster) removeContainer(ctx context.Context, name string) error {
	ids, err := c.made(ctx, name)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := docker.Run(ctx, "rm", "--force", "--volumes", id); err != nil {
			return err
		}
	}
	return nil
}
