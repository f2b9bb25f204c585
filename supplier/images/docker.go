package images

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// pinsLabel marks an image that was built here with the hash of what it was
// built from, so that a changed pin builds it anew. A downloaded image has none.
const pinsLabel = "hello-world.pins"

// docker runs one docker command. Its output goes to log.
func docker(ctx context.Context, log io.Writer, stdin io.Reader, args ...string) error {
	fmt.Fprintf(log, "+ docker %q\n", args)
	cmd := exec.CommandContext(ctx, "docker", args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("docker %s: %w", args[0], err)
	}
	return nil
}

// changeFlags are the flags of docker import and commit for changes to an
// image's configuration (instructions of a Dockerfile).
func changeFlags(changes []string) (flags []string) {
	for _, change := range changes {
		flags = append(flags, "--change", change)
	}
	return flags
}

// dockerFrom runs one docker command that reads what producer prints.
func dockerFrom(ctx context.Context, log io.Writer, producer *exec.Cmd, args ...string) error {
	producer.Stderr = log
	stream, err := producer.StdoutPipe()
	if err != nil {
		return err
	}
	if err := producer.Start(); err != nil {
		return err
	}
	err = docker(ctx, log, stream, args...)
	// If docker did not read to the end, the producer must not wait for it to.
	stream.Close()
	return errors.Join(err, producer.Wait())
}

// dockerTar runs one docker command that reads a tar archive of files (see writeTar).
func dockerTar(ctx context.Context, log io.Writer, files map[string]string, args ...string) error {
	reader, writer := io.Pipe()
	defer reader.Close()
	go func() { writer.CloseWithError(writeTar(writer, files)) }()
	return docker(ctx, log, reader, args...)
}

// dockerOutput runs one docker command and returns what it prints.
func dockerOutput(ctx context.Context, args ...string) (string, error) {
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "docker", args...)
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("docker %s: %w: %s", args[0], err, strings.TrimSpace(stderr.String()))
	}
	return strings.TrimSpace(string(output)), nil
}

// present reports whether Docker has the image, and if it was built here,
// whether from the same pins.
func present(ctx context.Context, image, pins string) bool {
	label, err := dockerOutput(ctx, "image", "inspect", "--format", fmt.Sprintf("{{index .Config.Labels %q}}", pinsLabel), image)
	return err == nil && (label == "" || label == pins)
}
