package commands

import "github.com/spf13/cobra"

func clusters() *cobra.Command {
	cmd := command("cluster", "Start the kind cluster and its registry",
		`It supplies the tools first. A cluster that is there is started, and never removed. CLUSTER, NODES, HTTP_PORT, REGISTRY and REGISTRY_PORT are its names and ports.`,
		func(cmd *cobra.Command, s session) error {
			kind, err := s.cluster()
			if err == nil {
				err = s.supply(cmd.Context())
			}
			if err == nil {
				err = kind.Up(cmd.Context(), s.images()...)
			}
			return err
		})
	cmd.AddCommand(command("down", "Remove the kind cluster and its registry, whatever runs there", "'ship down' removes it only with its last stack.",
		func(cmd *cobra.Command, s session) error {
			kind, err := s.cluster()
			if err == nil {
				err = kind.Down(cmd.Context())
			}
			return err
		}))
	return cmd
}
