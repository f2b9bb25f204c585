// Package engine installs and starts Debian's Docker Engine, which takes root, and stops the one that it has started.
package engine

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"example.com/hello-world/supplier/bare/gobuild"
	"example.com/hello-world/supplier/docker"
)

// startTimeout bounds the wait for a started engine to answer.
const startTimeout = 3 * time.Minute

// Installer returns what installs and starts the engine, for the project in root; nil if that cannot be done here.
func Installer(root string) func(ctx context.Context, log io.Writer) error {
	if !IsDebianRoot() {
		return nil
	}
	return func(ctx context.Context, log io.Writer) error { return install(ctx, log, gobuild.Own(root)) }
}

func install(ctx context.Context, log io.Writer, project gobuild.Module) error {
	if _, err := exec.LookPath("dockerd"); err != nil {
		if err := AptInstall(ctx, log, "docker.io", "iptables"); err != nil {
			return err
		}
	}
	// Debian's package starts the engine if an init system runs.
	if docker.Answers(ctx) {
		return nil
	}
	config, err := boundCapabilities(ctx, log, project)
	if err != nil {
		return err
	}
	return start(ctx, config)
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
	for !docker.Answers(ctx) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the engine did not answer within %s; its own log is %s", startTimeout, logFile)
		case <-time.After(200 * time.Millisecond):
		}
	}
	return nil
}
