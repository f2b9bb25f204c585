package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The process that start leaves running. Stop ends it, and no other.
const (
	pidFile = "/run/hello-world-dockerd.pid"
	logFile = "/var/log/hello-world-dockerd.log"
)

// start runs the engine in a session of its own, so that it outlives us. config is its
// configuration file; "" stands for the default one.
func start(ctx context.Context, config string) error {
	log, err := os.OpenFile(logFile, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	args := []string{"--pidfile", pidFile}
	if config != "" {
		args = append(args, "--config-file", config)
	}
	daemon := exec.Command("dockerd", args...)
	daemon.Stdout, daemon.Stderr = log, log
	daemon.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := daemon.Start(); err != nil {
		return err
	}
	return wait(ctx)
}

// Ours returns the process of the engine that Installer's function started; 0 if there is none, or it has ended.
func Ours() (pid int, err error) {
	text, err := os.ReadFile(pidFile)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if pid, err = strconv.Atoi(strings.TrimSpace(string(text))); err != nil {
		return 0, fmt.Errorf("%s: %w", pidFile, err)
	}
	// Another process may have the id by now; only an engine is ours.
	if name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)); err != nil || strings.TrimSpace(string(name)) != "dockerd" {
		return 0, os.Remove(pidFile)
	}
	return pid, nil
}

// Stop ends the engine if it is Ours and no container runs in it. It reports whether it did.
func Stop(ctx context.Context) (stopped bool, err error) {
	pid, err := Ours()
	if pid == 0 || err != nil {
		return false, err
	}
	// Others may use it by now.
	if running, err := exec.CommandContext(ctx, "docker", "ps", "--quiet").Output(); err != nil || len(running) > 0 {
		return false, err
	}
	err = End(ctx, pid)
	return err == nil, err
}

// End ends an engine, and all that runs there.
func End(ctx context.Context, pid int) error {
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for syscall.Kill(pid, 0) == nil {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the engine (process %d) did not end within %s", pid, startTimeout)
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}
