package images

import (
	"context"
	"io"
)

// container is a container of debianRoot in which an image is made: files are
// copied in, commands run, and the result is committed.
type container struct {
	id  string
	log io.Writer
}

// withContainer runs make in a new container, started with extra options of
// docker run, and removes it afterwards.
func (s Source) withContainer(ctx context.Context, log io.Writer, options []string, make func(container) error) error {
	if err := s.Supplier.Supply(ctx, debian.artefact()); err != nil {
		return err
	}
	// Should we be killed, it ends by itself.
	args := append([]string{"run", "--detach", "--rm"}, options...)
	// Not as the entrypoint, which an image that is committed without one would keep.
	id, err := dockerOutput(ctx, append(args, debianRoot, "sleep", "1h")...)
	if err != nil {
		return err
	}
	// Also when ctx was cancelled: nothing half-made stays.
	defer docker(context.WithoutCancel(ctx), log, nil, "rm", "--force", "--volumes", id)
	return make(container{id: id, log: log})
}

// copyIn copies files, given by their path in the container.
func (c container) copyIn(ctx context.Context, files map[string]string) error {
	return dockerTar(ctx, c.log, files, "cp", "-", c.id+":/")
}

// copyFolder copies a folder of this machine below a folder of the container.
func (c container) copyFolder(ctx context.Context, from, to string) error {
	return docker(ctx, c.log, nil, "cp", from, c.id+":"+to)
}

// shell returns the arguments of the docker command that runs a bash script in
// the container.
func (c container) shell(script string) []string {
	return []string{"exec", "--interactive", c.id, "bash", "-euo", "pipefail", "-c", script}
}

// commit makes the container's file system the image called name.
func (c container) commit(ctx context.Context, name, pins string, changes ...string) error {
	args := append([]string{"commit"}, changeFlags(append(changes, "LABEL "+pinsLabel+"="+pins))...)
	return docker(ctx, c.log, nil, append(args, c.id, name)...)
}
