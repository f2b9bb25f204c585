package tools

import (
	"context"
	"io"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"example.com/hello-world/supplier/supply"
)

// Program returns the Pulumi program of the project in root as something to supply.
// Pulumi would compile it too, with the same script, but without showing it.
func Program(root string) supply.Artefact {
	compile := func(ctx context.Context, log io.Writer, args ...string) error {
		cmd := exec.CommandContext(ctx, filepath.Join(root, "infra", "compile.sh"), args...)
		cmd.Stdout, cmd.Stderr = log, log
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // to end the compiler with it
		cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
		return cmd.Run()
	}
	return supply.Artefact{
		Name: "Pulumi program", WhyBuilt: "not compiled yet", TypicalTime: 4 * time.Minute,
		Present: func(ctx context.Context) (bool, error) { return compile(ctx, io.Discard, "--needless") == nil, nil },
		Build:   func(ctx context.Context, log io.Writer) error { return compile(ctx, log) },
	}
}
