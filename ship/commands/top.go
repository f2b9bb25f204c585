package commands

import (
	"github.com/spf13/cobra"

	looking "example.com/hello-world/ship/top"
)

func top() *cobra.Command {
	return command("top", "Show requests, Pods and events, live, until Ctrl-C",
		`Each line is about the last ten seconds: requests a second, how many failed with a status of 5xx, and within which time half of them and 99 of 100 were answered. Below are the Pods, those that are not well first, and what happened last. If its output is no terminal, it shows this once. It changes nothing.`,
		func(cmd *cobra.Command, s session) error {
			runs, err := s.service(cmd.Context())
			if err != nil {
				return err
			}
			return looking.Run(cmd.Context(), runs, s.Printer)
		})
}
