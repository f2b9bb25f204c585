package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"example.com/hello-world/supplier/supply"
)

// Engine returns the Docker Engine as something to supply. install installs and starts one; nil if it cannot be done here.
func Engine(install func(ctx context.Context, log io.Writer) error) supply.Artefact {
	return supply.Artefact{
		Name:        "Docker Engine",
		TypicalTime: 20 * time.Second,
		Present:     func(ctx context.Context) (bool, error) { return Answers(ctx), nil },
		Buildable:   func() error { return whatToDo(install != nil) },
		Build:       install,
	}
}

// Answers reports whether an engine does.
func Answers(ctx context.Context) bool {
	return exec.CommandContext(ctx, "docker", "version", "--format", "{{.Server.Version}}").Run() == nil
}

// systemd is a folder that exists if systemd runs.
var systemd = "/run/systemd/system"

// whatToDo says why no engine answers, and what the user has to do; nil if we can install and start one.
func whatToDo(installable bool) error {
	if _, err := exec.LookPath("docker"); err != nil {
		if installable {
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
	case installable:
		return nil
	}
	return fmt.Errorf("it does not run, or the docker command looks elsewhere: start it, or choose another with 'docker context use': %s", lastLine(said))
}

func lastLine(text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}
