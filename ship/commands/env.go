package commands

import (
	"fmt"
	"os"

	"al.essio.dev/pkg/shellescape"
	"github.com/spf13/cobra"

	"example.com/hello-world/ship/checkout"
)

func env() *cobra.Command {
	return &cobra.Command{
		Use: "env", Short: `Print shell settings for the raw commands: eval "$(make env)"`, Args: cobra.NoArgs,
		Long: wrapped("Print shell settings that make the raw commands work: the tools on PATH, and Pulumi with a state backend in this " +
			"checkout, which needs no account and no passphrase. It keeps what the caller has set: PULUMI_BACKEND_URL for another backend, " +
			"PULUMI_CONFIG_PASSPHRASE for a passphrase."),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := checkout.Open(".")
			if err != nil {
				return err
			}
			if err := os.MkdirAll(c.OwnState(), 0o755); err != nil {
				return err
			}
			// The caller's PATH, when the output is evaluated.
			fmt.Printf("export PATH=%s:\"$PATH\"\n", shellescape.Quote(c.Path("bin")))
			for _, v := range c.Environment() {
				fmt.Printf("export %s=%s\n", v.Name, shellescape.Quote(v.Value))
			}
			return nil
		},
	}
}
