// Package pulumi runs Pulumi's command line on a stack, and shows what it does in a line for each object that it changes.
package pulumi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"golang.org/x/sys/unix"

	"example.com/hello-world/supplier/progress"
)

// CLI is Pulumi's command line, for one stack of the project in a folder. The process has the environment of the checkout.
type CLI struct {
	Folder string
	Stack  string
	progress.Printer
}

// Signal is the cause of the end of a context that a signal ended.
type Signal struct{ os.Signal }

func (s Signal) Error() string { return "interrupted: " + s.String() }

// command returns a command for the stack. When ctx ends, Pulumi cancels what it does: from a terminal's Ctrl-C, which it gets
// itself, or else because it is told to. It takes a second order as one to stop at once, without cancelling.
func (c CLI) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "pulumi", append(args, "--stack", c.Stack)...)
	cmd.Dir = c.Folder
	cmd.Cancel = func() error {
		var by Signal
		if errors.As(context.Cause(ctx), &by) && by.Signal == os.Interrupt && inForeground() {
			return nil
		}
		return cmd.Process.Signal(syscall.SIGINT)
	}
	return cmd
}

// inForeground reports whether a terminal's Ctrl-C reaches this process and what it starts.
func inForeground() bool {
	terminal, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer terminal.Close()
	group, err := unix.IoctlGetInt(int(terminal.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// Output returns what a command prints. The error is what it complains about.
func (c CLI) Output(ctx context.Context, args ...string) (string, error) {
	var out, complaint bytes.Buffer
	cmd := c.command(ctx, append(args, "--non-interactive")...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		said := strings.TrimPrefix(strings.TrimSpace(complaint.String()), "error: ")
		return "", fmt.Errorf("pulumi %s: %w", strings.Join(args, " "), errors.New(said))
	}
	return strings.TrimRight(out.String(), "\n"), nil
}

// Ask runs a command that may ask the user.
func (c CLI) Ask(ctx context.Context, args ...string) error {
	cmd := c.command(ctx, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return failed(ctx, cmd.Run())
}

// Change runs `pulumi up` or `pulumi destroy` without a question. On a terminal, where Pulumi's table of all resources is too
// wide to read, it shows less.
func (c CLI) Change(ctx context.Context, command string, args ...string) error {
	args = append([]string{command, "--yes"}, args...)
	if !c.Terminal {
		return c.Ask(ctx, args...)
	}
	d := newDisplay(c.Printer, c.Stack)
	complaint, err := c.Events(ctx, d.take, []string{"PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true"}, args...)
	d.end(complaint)
	return failed(ctx, err)
}

// Events runs a command that prints events, with further environment variables, and calls each with one after the other. The
// complaint is what it says beside them.
func (c CLI) Events(ctx context.Context, each func(apitype.EngineEvent), environment []string, args ...string) (complaint string, err error) {
	cmd := c.command(ctx, append(args, "--json", "--non-interactive")...)
	cmd.Env = append(os.Environ(), environment...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return "", err
	}
	read := read(out, each)
	err = cmd.Wait()
	if err == nil {
		err = read
	}
	return said.String(), err
}

// ErrShown says that a command has failed, and has said why.
var ErrShown = errors.New("pulumi has said why it failed")

func failed(ctx context.Context, err error) error {
	var code *exec.ExitError
	switch {
	case context.Cause(ctx) != nil:
		return context.Cause(ctx)
	case errors.As(err, &code):
		return ErrShown
	}
	return err
}
