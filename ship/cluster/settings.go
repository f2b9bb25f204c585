// Package cluster makes the project's kind cluster and its registries, and removes them.
package cluster

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strconv"

	"example.com/hello-world/ship/docker"
	"example.com/hello-world/supplier/pins"
	"example.com/hello-world/supplier/progress"
)

// Cluster is a kind cluster, with the names and ports that it has or will have. The environment may override each.
type Cluster struct {
	Name         string // kind's name for it: CLUSTER
	Nodes        int    // 1, or more: one control plane and the rest workers: NODES
	HTTPPort     int    // on 127.0.0.1, leads to port 80 of the Ingress controller: HTTP_PORT
	Registry     string // the name of the registry's container: REGISTRY
	RegistryPort int    // on 127.0.0.1: REGISTRY_PORT

	root string // the project's folder
	progress.Printer
}

// Of returns the cluster of the project in a folder.
func Of(root string, to progress.Printer) (Cluster, error) {
	c := Cluster{root: root, Printer: to,
		Name:     cmp.Or(os.Getenv("CLUSTER"), "app-cluster"),
		Registry: cmp.Or(os.Getenv("REGISTRY"), "kind-registry"),
	}
	var err error
	for _, setting := range []struct {
		of              *int
		name            string
		unless, highest int
	}{
		{&c.Nodes, "NODES", 1, 99},
		{&c.HTTPPort, "HTTP_PORT", 8080, 65535},
		{&c.RegistryPort, "REGISTRY_PORT", 5001, 65535},
	} {
		if *setting.of, err = number(setting.name, setting.unless, setting.highest); err != nil {
			return c, err
		}
	}
	if c.HTTPPort == c.RegistryPort {
		return c, fmt.Errorf("HTTP_PORT and REGISTRY_PORT are both %d: accepted are two different ports", c.HTTPPort)
	}
	return c, nil
}

func number(name string, unless, highest int) (int, error) {
	set := os.Getenv(name)
	if set == "" {
		return unless, nil
	}
	value, err := strconv.Atoi(set)
	if err != nil || value < 1 || value > highest || strconv.Itoa(value) != set {
		return 0, fmt.Errorf("%s is %q: accepted are 1 to %d", name, set, highest)
	}
	return value, nil
}

// Context returns the context of kubeconfigs that leads to the cluster.
func (c Cluster) Context() string { return "kind-" + c.Name }

// WebAddress returns where the Ingress controller answers on this machine.
func (c Cluster) WebAddress() string { return fmt.Sprintf("127.0.0.1:%d", c.HTTPPort) }

// reader is the registry that nodes pull from: the same images, read-only. Pods reach it, too.
func (c Cluster) reader() string { return c.Registry + "-reader" }

// controlPlane is the container of the first node.
func (c Cluster) controlPlane() string { return c.Name + "-control-plane" }

// images returns the names of the images that the cluster is made of: supplier/ supplies those.
func (c Cluster) images() (node, traefik string, err error) {
	if node, err = pins.In(c.root, "kubernetes").Version("k8s.io/kubernetes"); err != nil {
		return "", "", err
	}
	traefik, err = pins.In(c.root, "traefik").Version("github.com/traefik/traefik/v3")
	return "kindest/node:" + node, "traefik:" + traefik, err
}

// inspect returns what a template says about a container; "" if there is no such container.
func inspect(ctx context.Context, container, template string) string {
	said, err := docker.Run(ctx, "container", "inspect", "--format", template, container)
	if err != nil {
		return ""
	}
	return said
}

func exists(ctx context.Context, container string) bool {
	return inspect(ctx, container, "{{.Id}}") != ""
}

func running(ctx context.Context, container string) bool {
	return inspect(ctx, container, "{{.State.Running}}") == "true"
}

// published returns the port of this machine that leads to a port of a container, running or not.
func published(ctx context.Context, container string, port int) string {
	return inspect(ctx, container, fmt.Sprintf(`{{(index (index .HostConfig.PortBindings "%d/tcp") 0).HostPort}}`, port))
}
