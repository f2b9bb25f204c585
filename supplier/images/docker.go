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

// pinsLabel holds the hash of what an image was built from here, so that a changed pin
// rebuilds it. A downloaded image has none.
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

// changeFlags returns the flags of docker import and commit that change an image's
// configuration (with instructions of a Dockerfile).
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
	// If docker has not read to the end, do not let the producer wait for it.
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

// present reports whether Docker has the image, built from the same pins if it was built here.
func present(ctx context.Context, image, pins string) bool {
	label, err := dockerOutput(ctx, "image", "inspect", "--format", fmt.Sprintf("{{index .Config.Labels %q}}", pinsLabel), image)
	return err == nil && (label == "" || label == pins)
}
