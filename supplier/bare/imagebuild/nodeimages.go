package imagebuild

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"example.com/hello-world/supplier/docker"
)

// netbase is the base of the images that change the node's packet filter, or run a shell.
const netbase = "hello-world/netbase:build"

// loadImages puts the images of the control plane, the network and the storage into the
// node's containerd, under the names that kubeadm and the manifests ask for.
func (n node) loadImages(ctx context.Context) error {
	asked, err := docker.Output(ctx, "exec", n.id, "bash", "-euc",
		`kubeadm config images list --kubernetes-version "$(cat /kind/version)" 2>/dev/null;
		sed -n 's/ *sandbox_image = "\(.*\)"/\1/p' /etc/containerd/config.toml;
		sed -n 's/ *image: //p' /kind/manifests/default-cni.yaml;
		grep -o 'docker.io/kindest/local-path[^ ]*' /kind/manifests/default-storage.yaml`)
	if err != nil {
		return err
	}
	images := strings.Fields(asked)
	defer docker.Run(context.WithoutCancel(ctx), n.log, nil, append([]string{"rmi", "--force", netbase}, images...)...)
	if err := n.makeNetbase(ctx); err != nil {
		return err
	}
	for _, image := range images {
		if err := n.makeImage(ctx, image); err != nil {
			return fmt.Errorf("image %s: %w", image, err)
		}
	}
	return n.importImages(ctx, images)
}

// makeNetbase makes an image of a shell, the packet filter's tools and what they load.
func (n node) makeNetbase(ctx context.Context) error {
	archive := exec.CommandContext(ctx, "docker", n.shell(nodeNetbase)...)
	return dockerFrom(ctx, n.log, archive, "import", "-", netbase)
}

// makeImage makes the image of one command, whose name is the last part of the image's.
func (n node) makeImage(ctx context.Context, image string) error {
	command, _, _ := strings.Cut(path.Base(image), ":")
	if command == "local-path-helper" { // which needs no more
		return docker.Run(ctx, n.log, nil, "tag", netbase, image)
	}
	file := filepath.Join(n.binaries, command)
	as := "/usr/local/bin/" + command
	entrypoint, err := json.Marshal([]string{as})
	if err != nil {
		return err
	}
	changes := []string{"ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "ENTRYPOINT " + string(entrypoint)}
	if command != "kube-proxy" && command != "kindnet" {
		return importFiles(ctx, n.log, image, map[string]string{as: file}, changes...)
	}
	id, err := docker.Output(ctx, "create", netbase, as)
	if err != nil {
		return err
	}
	defer docker.Run(context.WithoutCancel(ctx), n.log, nil, "rm", "--force", id)
	c := container{id: id, log: n.log}
	if err := c.copyIn(ctx, map[string]string{as: file}); err != nil {
		return err
	}
	return c.commit(ctx, image, "", append(changes, "CMD []")...)
}

// importImages passes the images from Docker to the containerd in the container, which it
// runs meanwhile. They stay packed there: a node unpacks what it runs.
func (n node) importImages(ctx context.Context, images []string) error {
	save := exec.CommandContext(ctx, "docker", append([]string{"save"}, images...)...)
	return dockerFrom(ctx, n.log, save, n.shell(importScript)...)
}

const importScript = `
containerd >/var/log/containerd-build.log 2>&1 &
trap 'kill $! && wait $! || true; rm -f /var/log/containerd-build.log' EXIT
for _ in {1..100}; do [[ -S /run/containerd/containerd.sock ]] && ctr version >/dev/null 2>&1 && break; sleep 0.1; done
ctr --namespace k8s.io images import --no-unpack -
ctr --namespace k8s.io images list --quiet`
