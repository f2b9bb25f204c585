package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"example.com/hello-world/ship/docker"
)

// check checks what must hold, before anything is changed.
func (c Cluster) check(ctx context.Context, nodes []string) error {
	if len(nodes) > 0 {
		if err := c.checkExisting(ctx, len(nodes)); err != nil {
			return err
		}
	}
	if exists(ctx, c.Registry) {
		if err := c.checkRegistry(ctx); err != nil {
			return err
		}
	} else if err := checkPort(c.RegistryPort, "the registry", "REGISTRY_PORT"); err != nil {
		return err
	}
	if len(nodes) > 0 {
		return nil
	}
	if err := checkPort(c.HTTPPort, "the Ingress", "HTTP_PORT"); err != nil {
		return err
	}
	return c.checkRoom(ctx)
}

// checkExisting fails if the existing cluster is not ours, or not as the user asked for.
func (c Cluster) checkExisting(ctx context.Context, nodes int) error {
	if !c.ours(ctx) {
		return fmt.Errorf("there is a cluster %s that this project did not make: remove it with 'kind delete cluster --name %[1]s', or choose another name with CLUSTER", c.Name)
	}
	for _, has := range []struct{ setting, value string }{
		{"NODES", strconv.Itoa(nodes)}, {"HTTP_PORT", published(ctx, c.controlPlane(), webNodePort)},
	} {
		if asked := os.Getenv(has.setting); asked != "" && asked != has.value {
			return fmt.Errorf("%s is %s, and the cluster %s has %s: unset it, or recreate the cluster ('make down', 'make up')", has.setting, asked, c.Name, has.value)
		}
	}
	return nil
}

// checkRegistry fails if the existing registry, which may be someone else's, is not where images go, or keeps them out of
// another container's reach, as those of earlier versions did.
func (c Cluster) checkRegistry(ctx context.Context) error {
	if port := published(ctx, c.Registry, 5000); port != strconv.Itoa(c.RegistryPort) {
		if port == "" {
			port = "no port"
		}
		return fmt.Errorf("the container %s exists, but publishes %s on this machine, not %d:\n"+
			"  choose another name with REGISTRY, or its port with REGISTRY_PORT", c.Registry, port, c.RegistryPort)
	}
	if imagesOf(ctx, c.Registry) == "" {
		return fmt.Errorf("the container %s has no volume for its images, from which nodes could pull them:\n"+
			"  to replace it, with the current versions only:   docker rm --force %[1]s && make up\n"+
			"  to leave it:                                     choose another name with REGISTRY, and another port with REGISTRY_PORT", c.Registry)
	}
	return nil
}

// checkPort fails if a port on 127.0.0.1 is not free for something, which a setting can move.
func checkPort(port int, needs, setting string) error {
	taken, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), time.Second)
	if err != nil {
		return nil
	}
	taken.Close()
	return fmt.Errorf("port %d on 127.0.0.1 is taken, and %s needs it: stop what listens there, or choose another port with %s", port, needs, setting)
}

// checkRoom demands 1 GiB of memory of the engine's machine, and another 700 MiB for each node; and 3 GiB of free space in
// Docker's folder, unless that is out of sight in a virtual machine.
func (c Cluster) checkRoom(ctx context.Context) error {
	const mebibyte = 1 << 20
	said, err := docker.Run(ctx, "info", "--format", "{{.MemTotal}} {{.DockerRootDir}}")
	if err != nil {
		return err
	}
	var memory int64
	var folder string
	if _, err := fmt.Sscanf(said, "%d %s", &memory, &folder); err != nil {
		return errors.New("docker info does not say how much memory there is: " + said)
	}
	if need := int64(1024 + 700*c.Nodes); memory/mebibyte < need {
		return fmt.Errorf("the Docker Engine has %d MiB of memory, and a cluster of %d node(s) needs %d MiB", memory/mebibyte, c.Nodes, need)
	}
	var disk unix.Statfs_t
	if unix.Statfs(folder, &disk) != nil {
		return nil
	}
	if free, need := int64(disk.Bavail)*int64(disk.Bsize)/mebibyte, int64(3072); free < need {
		return fmt.Errorf("%s has %d MiB free, and the cluster needs %d MiB: 'docker system prune' may help", folder, free, need)
	}
	return nil
}
