// Package engine makes sure that a Docker Engine answers. If the system neither has nor manages one, it installs and starts
// Debian's, which takes root; otherwise it says what to do.
package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"example.com/hello-world/supplier/gobuild"
	"example.com/hello-world/supplier/supply"
)

// startTimeout bounds the wait for a started engine to answer.
const startTimeout = 3 * time.Minute

// Artefact returns the engine as something to supply. root is the project's folder.
func Artefact(root string) supply.Artefact {
	return supply.Artefact{
		Name:        "Docker Engine",
		TypicalTime: 20 * time.Second,
		Present:     func(ctx context.Context) (bool, error) { return answers(ctx), nil },
		Buildable:   whatToDo,
		Build: func(ctx context.Context, log io.Writer) error {
			return install(ctx, log, gobuild.Module{Dir: filepath.Join(root, "supplier")})
		},
	}
}

func answers(ctx context.Context) bool {
	return exec.CommandContext(ctx, "docker", "version", "--format", "{{.Server.Version}}").Run() == nil
}

// systemd is a folder that exists if systemd runs.
var systemd = "/run/systemd/system"

// whatToDo says why no engine answers, and what the user has to do; nil if install can do it.
func whatToDo() error {
	if _, err := exec.LookPath("docker"); err != nil {
		if IsDebianRoot() {
			return nil
		}
		return errors.New("the docker command is not installed: https://docs.docker.com/get-docker/")
	}
	said, _ := exec.Command("docker", "version").CombinedOutput()
	host := os.Getenv("DOCKER_HOST")
	_, noSystemd := os.Stat(systemd)
	switch {
	case strings.Contains(string(said), "permission denied"):
		return errors.New("this user may not use it: 'sudo usermod -aG docker $USER' allows it, from the next login on")
	case host != "":
		return fmt.Errorf("none answers at DOCKER_HOST=%s: start it, or unset DOCKER_HOST", host)
	case runtime.GOOS == "darwin":
		return errors.New("it does not run: start Docker Desktop ('open -a Docker'), Colima or OrbStack")
	case noSystemd == nil && exec.Command("systemctl", "cat", "docker.service").Run() == nil:
		return errors.New("it does not run: 'sudo systemctl start docker' starts it")
	case IsDebianRoot():
		return nil
	}
	return fmt.Errorf("it does not run, or the docker command looks elsewhere: start it, or choose another with 'docker context use': %s", lastLine(said))
}

func lastLine(text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}

func install(ctx context.Context, log io.Writer, project gobuild.Module) error {
	if _, err := exec.LookPath("dockerd"); err != nil {
		if err := AptInstall(ctx, log, "docker.io", "iptables"); err != nil {
			return err
		}
	}
	// Debian's package starts the engine if an init system runs.
	if answers(ctx) {
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
	for !answers(ctx) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the engine did not answer within %s; its own log is %s", startTimeout, logFile)
		case <-time.After(200 * time.Millisecond):
		}
	}
	return nil
}
