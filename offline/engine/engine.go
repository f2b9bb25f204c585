// Package engine makes sure that a Docker Engine answers. Where none does, it
// installs and starts Debian's, which takes root; elsewhere it says what to do.
package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"example.com/hello-world/offline/gobuild"
	"example.com/hello-world/offline/supply"
)

// startTimeout bounds the wait for a started engine to answer.
const startTimeout = 3 * time.Minute

// Artefact returns the engine as something to supply. root is the project's folder.
func Artefact(root string) supply.Artefact {
	return supply.Artefact{
		Name:    "Docker Engine",
		Usually: 20 * time.Second,
		Present: func(ctx context.Context) (bool, error) { return answers(ctx), nil },
		Build: func(ctx context.Context, log io.Writer) error {
			return install(ctx, log, gobuild.Module{Dir: root})
		},
	}
}

func answers(ctx context.Context) bool {
	return exec.CommandContext(ctx, "docker", "version", "--format", "{{.Server.Version}}").Run() == nil
}

func install(ctx context.Context, log io.Writer, project gobuild.Module) error {
	if os.Getenv("DOCKER_HOST") != "" {
		return fmt.Errorf("no engine answers at DOCKER_HOST=%s: start it, or unset DOCKER_HOST", os.Getenv("DOCKER_HOST"))
	}
	if !IsDebianRoot() {
		return errors.New("no Docker Engine answers: start Docker (https://docs.docker.com/get-docker/), or run this as root on Debian, where it can be installed")
	}
	if _, err := exec.LookPath("dockerd"); err != nil {
		if err := AptInstall(ctx, log, "docker.io", "iptables"); err != nil {
			return err
		}
	}
	// Debian's package starts the engine where an init system runs.
	if answers(ctx) {
		return nil
	}
	if err := boundCapabilities(ctx, log, project); err != nil {
		return err
	}
	return start(ctx)
}

// IsDebianRoot reports whether Debian packages can be installed here.
func IsDebianRoot() bool {
	release, err := os.ReadFile("/etc/os-release")
	return err == nil && os.Geteuid() == 0 && strings.Contains(string(release), "ID=debian\n")
}

// AptInstall installs Debian packages.
func AptInstall(ctx context.Context, log io.Writer, packages ...string) error {
	for _, args := range [][]string{
		{"update"},
		append([]string{"install", "--yes", "--no-install-recommends"}, packages...),
	} {
		apt := exec.CommandContext(ctx, "apt-get", args...)
		apt.Stdout, apt.Stderr = log, log
		apt.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if err := apt.Run(); err != nil {
			return fmt.Errorf("apt-get %s: %w", args[0], err)
		}
	}
	return nil
}

func wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for !answers(ctx) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the engine did not answer within %s; its own log is %s", startTimeout, logFile)
		case <-time.After(200 * time.Millisecond):
		}
	}
	return nil
}
