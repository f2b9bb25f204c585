package commands

import (
	"github.com/spf13/cobra"

	developing "example.com/hello-world/ship/dev"
)

func dev() *cobra.Command {
	return command("dev", "Roll out every change that you save, until Ctrl-C",
		`After each change to the server or the Pulumi program it runs 'pulumi up' without a preview, and says in one line what changed, how long that took and which version answers now.`,
		func(cmd *cobra.Command, s session) error {
			runs, err := s.service(cmd.Context())
			if err != nil {
				return err
			}
			return developing.Run(cmd.Context(), s.Checkout, s.stack, runs, s.Out)
		})
}
