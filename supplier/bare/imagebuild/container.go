package imagebuild

import (
	"context"
	"io"

	"example.com/hello-world/supplier/docker"
	"example.com/hello-world/supplier/images"
)

// container is a container of debianRoot in which we make an image: copy files in, run commands, and commit the result.
type container struct {
	id  string
	log io.Writer
}

// withContainer runs make in a new container, started with extra options of docker run, and removes it afterwards.
func (b Builder) withContainer(ctx context.Context, log io.Writer, options []string, make func(container) error) error {
	if err := b.Supplier.Supply(ctx, debian.Artefact(debianRoot)); err != nil {
		return err
	}
	args := append([]string{"run", "--detach", "--rm"}, options...)
	// sleep ends the container if we are killed. It is not the entrypoint, which a
	// committed image would keep unless it sets its own.
	id, err := docker.Output(ctx, append(args, debianRoot, "sleep", "1h")...)
	if err != nil {
		return err
	}
	// Remove it even if ctx was cancelled.
	defer docker.Run(context.WithoutCancel(ctx), log, nil, "rm", "--force", "--volumes", id)
	return make(container{id: id, log: log})
}

// copyIn copies files into the container, each given by its path there.
func (c container) copyIn(ctx context.Context, files map[string]string) error {
	return dockerTar(ctx, c.log, files, "cp", "-", c.id+":/")
}

// copyFolder copies a folder of this machine below a folder of the container.
func (c container) copyFolder(ctx context.Context, from, to string) error {
	return docker.Run(ctx, c.log, nil, "cp", from, c.id+":"+to)
}

// shell returns the arguments of the docker command that runs a bash script in the container.
func (c container) shell(script string) []string {
	return []string{"exec", "--interactive", c.id, "bash", "-euo", "pipefail", "-c", script}
}

// commit makes an image called name of the container's file system.
func (c container) commit(ctx context.Context, name, pins string, changes ...string) error {
	args := append([]string{"commit"}, changeFlags(append(changes, "LABEL "+images.LabelPins+"="+pins))...)
	return docker.Run(ctx, c.log, nil, append(args, c.id, name)...)
}
