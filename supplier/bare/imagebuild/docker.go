package imagebuild

import (
	"context"
	"errors"
	"io"
	"os/exec"

	"example.com/hello-world/supplier/docker"
)

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
	err = docker.Run(ctx, log, stream, args...)
	// If docker has not read to the end, do not let the producer wait for it.
	stream.Close()
	return errors.Join(err, producer.Wait())
}

// dockerTar runs one docker command that reads a tar archive of files (see writeTar).
func dockerTar(ctx context.Context, log io.Writer, files map[string]string, args ...string) error {
	reader, writer := io.Pipe()
	defer reader.Close()
	go func() { writer.CloseWithError(writeTar(writer, files)) }()
	return docker.Run(ctx, log, reader, args...)
}
