// Package docker runs Docker's command line, as kind does.
package docker

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// Run runs a command of Docker, and returns what it prints. The error is what Docker says.
func Run(ctx context.Context, args ...string) (string, error) { return Feed(ctx, "", args...) }

// Feed runs a command of Docker with an input.
func Feed(ctx context.Context, input string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "docker", args...)
	cmd.Stdin = strings.NewReader(input)
	var out, complaint strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", context.Cause(ctx)
		}
		return "", fmt.Errorf("docker %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(complaint.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

// Answers reports whether a Docker Engine answers.
func Answers(ctx context.Context) bool {
	_, err := Run(ctx, "version")
	return err == nil
}

// PruneBuilds removes previous builds of the server, which have lost their name.
func PruneBuilds(ctx context.Context) error {
	_, err := Run(ctx, "image", "prune", "--force", "--filter", "label=hello-world.project")
	return err
}
