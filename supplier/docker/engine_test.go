package docker

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each of Docker's states has its own advice. We start no engine of the system's.
func TestWhatToDo(t *testing.T) {
	const (
		notRunning = "echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2; exit 1"
		notAllowed = "echo 'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock' >&2; exit 1"
	)
	for name, test := range map[string]struct {
		docker    string // what the command does
		systemctl string
		systemd   bool
		host      string
		says      string
	}{
		"not allowed":               {docker: notAllowed, says: "usermod -aG docker"},
		"stopped under systemd":     {docker: notRunning, systemctl: "exit 0", systemd: true, says: "sudo systemctl start docker"},
		"at DOCKER_HOST":            {docker: notRunning, host: "unix:///nowhere.sock", says: "DOCKER_HOST=unix:///nowhere.sock"},
		"not allowed, with systemd": {docker: notAllowed, systemctl: "exit 0", systemd: true, says: "usermod -aG docker"},
		"elsewhere, with systemd":   {docker: notRunning, systemctl: "exit 1", systemd: true, host: "tcp://vm:2375", says: "DOCKER_HOST=tcp://vm:2375"},
	} {
		t.Run(name, func(t *testing.T) {
			bin := t.TempDir()
			for command, does := range map[string]string{"docker": test.docker, "systemctl": test.systemctl} {
				if err := os.WriteFile(filepath.Join(bin, command), []byte("#!/bin/sh\n"+does+"\n"), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("PATH", bin)
			t.Setenv("DOCKER_HOST", test.host)
			before := systemd
			systemd = filepath.Join(bin, "systemd")
			t.Cleanup(func() { systemd = before })
			if test.systemd {
				if err := os.Mkdir(systemd, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			if err := whatToDo(true); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("it says %v, want %q", err, test.says)
			}
		})
	}
}

func TestNotInstalled(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if err := whatToDo(true); err != nil {
		t.Errorf("we can install it, but it says %v", err)
	}
	if err := whatToDo(false); err == nil || !strings.Contains(err.Error(), "not installed: https://docs.docker.com/get-docker/") {
		t.Errorf("it says %v", err)
	}
}
