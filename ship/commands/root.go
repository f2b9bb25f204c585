// Package commands has the commands of ship, one in a file.
package commands

import (
	"context"
	"os"
	"path/filepath"

	"github.com/mitchellh/go-wordwrap"
	"github.com/spf13/cobra"

	"example.com/hello-world/ship/checkout"
	"example.com/hello-world/ship/cluster"
	"example.com/hello-world/ship/lock"
	"example.com/hello-world/ship/pulumi"
	"example.com/hello-world/ship/service"
	"example.com/hello-world/supplier/progress"
)

// Root returns the command ship.
func Root() *cobra.Command {
	root := &cobra.Command{
		Use:   "ship",
		Short: "Take a Go HTTP server from source to a replicated Kubernetes service",
		Long: `Take a Go HTTP server from source to a replicated Kubernetes service.

ship works on the checkout of the project that the current folder is in. Each
command is also a target of make, such as 'make up STACK=prod'.`,
		SilenceErrors: true, SilenceUsage: true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.PersistentFlags().String("stack", os.Getenv("STACK"), "use this stack, not the selected one")
	root.AddCommand(up(), status(), top(), logs(), open(), run(), db(), history(), rollback(), forward(), down(), dev(), adopt(), env(), tools(), clusters(), clean())
	return root
}

// Said is an error that the user has been told.
type Said struct{ error }

// session is a checkout that a command works on, and the stack that it is about.
type session struct {
	checkout.Checkout
	progress.Printer
	stack  string
	pulumi pulumi.CLI
}

// enter enters the checkout of the current folder.
func enter(cmd *cobra.Command) (session, error) {
	c, err := checkout.Open(".")
	if err == nil {
		err = c.Enter()
	}
	s := session{Checkout: c, Printer: progress.Printer{Out: os.Stdout, Style: progress.StyleOf(os.Stdout)}}
	if err != nil {
		return s, err
	}
	if s.stack, err = cmd.Flags().GetString("stack"); err == nil && s.stack == "" {
		s.stack = c.Selected()
	}
	s.pulumi = pulumi.CLI{Folder: c.Root, Stack: s.stack, Printer: s.Printer}
	return s, err
}

// service returns the service that the stack runs.
func (s session) service(ctx context.Context) (service.Service, error) {
	return service.Of(ctx, s.Checkout, s.pulumi)
}

// cluster returns the project's kind cluster.
func (s session) cluster() (cluster.Cluster, error) { return cluster.Of(s.Root, s.Printer) }

// change returns a command that changes the stack, which one process at a time may do: also one that a killed make has left.
func change(use, short, long string, run func(*cobra.Command, session) error) *cobra.Command {
	return command(use, short, long, func(cmd *cobra.Command, s session) error {
		release, err := lock.Take(cmd.Context(), filepath.Join(s.OwnState(), "."+s.stack+".lock"), func() {
			s.Begins("stack %s: waiting for another command, which changes it", s.stack)
		})
		if err != nil {
			return err
		}
		defer release()
		return run(cmd, s)
	})
}

// wrapped wraps a text at the width of a terminal.
func wrapped(text string) string { return wordwrap.WrapString(text, 80) }

// command returns a command without arguments that works on the checkout.
func command(use, short, long string, run func(*cobra.Command, session) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Long: wrapped(short + ".\n\n" + long), Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		s, err := enter(cmd)
		if err != nil {
			return err
		}
		return run(cmd, s)
	}}
}
