package commands

import (
	"fmt"

	"github.com/spf13/cobra"
)

func forward() *cobra.Command {
	return change("forward", "End the hold: run what the stack says again", "It ends what 'ship rollback' began. If that fails or is interrupted, the stack's file is again as it was; what runs may not be.",
		func(cmd *cobra.Command, s session) error {
			if err := s.HasTools(); err != nil {
				return err
			}
			file, err := s.ReadStack(s.stack)
			if err != nil {
				return err
			}
			if !file.Set("hold") {
				return fmt.Errorf("stack %s is not held, so there is no hold to end", s.stack)
			}
			return s.upWith(cmd.Context(), func() error { return file.Change("hold", nil) })
		})
}
