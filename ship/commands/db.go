package commands

import (
	"errors"

	"github.com/spf13/cobra"
)

func db() *cobra.Command {
	return command("db", "Open psql in the database to develop against", "It is the database that the key 'database' brings up. What it changes is what you type.",
		func(cmd *cobra.Command, s session) error {
			runs, err := s.service(cmd.Context())
			if err != nil {
				return err
			}
			if runs.Database == "" {
				return errors.New("the stack " + s.stack + " has no database: 'pulumi config set database postgres' and 'make up' bring one up")
			}
			args := []string{"exec", "--stdin", "--quiet"}
			if s.Terminal {
				args = append(args, "--tty")
			}
			args = append(args, "deployment/postgres", "--", "psql", "--username", "postgres", "--set", "ON_ERROR_STOP=1")
			runs.Namespace = runs.Database
			return kubectl(cmd.Context(), runs, args...)
		})
}
