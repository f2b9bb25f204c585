package commands

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"example.com/hello-world/ship/versions"
)

func rollback() *cobra.Command {
	cmd := change("rollback", "Go back to the previous version, or VERSION, and hold it",
		"VERSION is what a version, or its image's digest, begins with in 'ship history'. The stack runs it until 'ship forward'. If that fails or is interrupted, the "+
			"stack's file is again as it was; what runs may not be.",
		func(cmd *cobra.Command, s session) error {
			ctx := cmd.Context()
			state, remove, err := s.state(ctx)
			if err != nil {
				return err
			}
			defer remove()
			if err := s.upWith(ctx, func() error {
				held, err := versions.Hold(s.Checkout, state, s.stack, cmd.Flags().Arg(0))
				if err == nil {
					s.Begins("stack %s: back to %s", s.stack, held)
				}
				return err
			}); err != nil {
				return err
			}
			s.Say("stack %s: held until 'make forward'", s.stack)
			return nil
		})
	cmd.Use, cmd.Args = "rollback [VERSION]", cobra.MaximumNArgs(1)
	return cmd
}

// upWith brings up the stack after its file was changed. If that fails or is interrupted, the file is again as it was.
func (s session) upWith(ctx context.Context, change func() error) (err error) {
	file := s.StackFile(s.stack)
	before, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	onKind, err := s.OnKind(s.stack)
	if err == nil {
		if onKind {
			err = s.pulumi.Change(ctx, "up")
		} else {
			err = s.pulumi.Ask(ctx, "up") // which asks
		}
	}
	if err == nil {
		return nil
	}
	fmt.Fprintf(os.Stderr, "Pulumi.%s.yaml is as it was before: run this again, or 'pulumi up' for what it says\n", s.stack)
	return errors.Join(err, os.WriteFile(file, before, 0o644))
}
