package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"example.com/hello-world/ship/docker"
)

// imagesOf returns the volume or folder with the images of a registry.
func imagesOf(ctx context.Context, registry string) string {
	return inspect(ctx, registry, `{{range .Mounts}}{{if eq .Destination "/var/lib/registry"}}{{.Source}}{{end}}{{end}}`)
}

// RegistryAddress returns where the registry is on this machine.
func (c Cluster) RegistryAddress() string { return fmt.Sprintf("localhost:%d", c.RegistryPort) }

// run starts a registry's container. There is no receiver for its traces, and it would log that again and again.
func (c Cluster) run(ctx context.Context, name string, args ...string) error {
	args = slices.Concat([]string{"run", "--detach", "--restart", "always", "--name", name, "--label", c.label(), "--env", "OTEL_TRACES_EXPORTER=none"}, args, []string{"registry:3"})
	_, err := docker.Run(ctx, args...)
	return err
}

func (c Cluster) registryUp(ctx context.Context) (err error) {
	switch {
	case running(ctx, c.Registry):
		return nil
	case exists(ctx, c.Registry):
		_, err = docker.Run(ctx, "start", c.Registry)
	default:
		err = c.run(ctx, c.Registry, "--publish", fmt.Sprintf("127.0.0.1:%d:5000", c.RegistryPort), "--volume", "/var/lib/registry")
	}
	if err == nil {
		c.Say("registry %s: runs on %s", c.Registry, c.RegistryAddress())
	}
	return err
}

// readerUp starts the registry that nodes pull from. Whatever runs in the cluster reaches it, so it only reads what the other
// one has, which is out of the cluster's reach.
func (c Cluster) readerUp(ctx context.Context) error {
	if images := imagesOf(ctx, c.reader()); images != "" && images == imagesOf(ctx, c.Registry) {
		if _, err := docker.Run(ctx, "start", c.reader()); err == nil {
			return nil
		}
	}
	if err := c.removeContainer(ctx, c.reader()); err != nil { // which had the images of a registry that is gone
		return err
	}
	return c.run(ctx, c.reader(), "--network", "kind", "--volumes-from", c.Registry+":ro", "--env", `REGISTRY_STORAGE_MAINTENANCE_READONLY={"enabled":true}`)
}

// wire makes nodes pull from the reader what the registry has, and look there first for images of Docker Hub and GitHub, so
// that a new cluster need not download them (https://kind.sigs.k8s.io/docs/user/local-registry/).
func (c Cluster) wire(ctx context.Context, nodes []string) error {
	ours := fmt.Sprintf("[host.\"http://%s:5000\"]\n", c.reader())
	first := ours + "  capabilities = [\"pull\", \"resolve\"]\n"
	for _, node := range nodes {
		for host, text := range map[string]string{
			c.RegistryAddress(): ours,
			"docker.io":         "server = \"https://registry-1.docker.io\"\n" + first,
			"ghcr.io":           "server = \"https://ghcr.io\"\n" + first,
		} {
			folder := "/etc/containerd/certs.d/" + host
			if _, err := docker.Feed(ctx, text, "exec", "--interactive", node, "sh", "-euc", `mkdir -p "$0" && cat >"$0/hosts.toml"`, folder); err != nil {
				return err
			}
		}
	}
	return nil
}

// shut takes the registry out of the reach of what runs in the cluster, where earlier versions put it. Someone else's stays
// where its owner has put it.
func (c Cluster) shut(ctx context.Context) error {
	if inspect(ctx, c.Registry, `{{with index .NetworkSettings.Networks "kind"}}there{{end}}`) == "" {
		return nil
	}
	if inspect(ctx, c.Registry, `{{index .Config.Labels "hello-world.cluster"}}`) == "" {
		c.Say("registry %s: this project did not make it, and what runs in the cluster can push to it: 'docker network disconnect kind %[1]s' ends that", c.Registry)
		return nil
	}
	_, err := docker.Run(ctx, "network", "disconnect", "kind", c.Registry)
	return err
}

// copyOf returns the name that an image of Docker Hub has in the registry.
func (c Cluster) copyOf(image string) string { return c.RegistryAddress() + "/library/" + image }

// fill puts images of Docker Hub into the registry.
func (c Cluster) fill(ctx context.Context, images ...string) error {
	for _, image := range images {
		if _, err := docker.Run(ctx, "tag", image, c.copyOf(image)); err != nil {
			return err
		}
		if _, err := docker.Run(ctx, "push", "--quiet", c.copyOf(image)); err != nil {
			return err
		}
	}
	return nil
}

// HasImage reports whether the registry has an image, by its reference; also if it is none of the registry's.
func (c Cluster) HasImage(ctx context.Context, reference string) bool {
	if !strings.HasPrefix(reference, "localhost:") {
		return true
	}
	_, err := docker.Run(ctx, "manifest", "inspect", "--insecure", reference)
	return err == nil
}
