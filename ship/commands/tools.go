package commands

import (
	"github.com/spf13/cobra"

	"example.com/hello-world/supplier"
)

func tools() *cobra.Command {
	cmd := command("tools", "Supply the tools and images: use, download or build them",
		`It supplies the Docker Engine, the command line tools in bin/ and the images, all
under their public names, and compiles the Pulumi program.

HELLO_WORLD_CACHE   where to keep the folder hello-world, which has what was
                    downloaded or built (default: the user's cache folder)
GITHUB_MIRROR       where to download releases from (default https://github.com)
KUBERNETES_MIRROR   where to download kubectl from (default https://dl.k8s.io)
IMAGE_MIRROR        the registry to pull images from (default docker.io)
TUNE_KERNEL         1 changes settings of the whole machine for a while: huge
                    pages for all programs, and for tests more inotify
                    instances; 0 leaves them alone
                    (default: 1 as root if it starts the engine itself)`,
		func(cmd *cobra.Command, s session) error { return s.supply(cmd.Context()) })
	cmd.AddCommand(
		pin(),
		command("tests", "Supply what only tests need", "It supplies the kind command, and images of a database and of a cluster like a cloud's.",
			func(cmd *cobra.Command, s session) error { return supplier.ForTests(cmd.Context(), s.Root) }),
		&cobra.Command{
			Use: "tuned COMMAND", Short: "Run tests with the kernel's settings that suit them", Args: cobra.MinimumNArgs(1), DisableFlagParsing: true,
			RunE: func(_ *cobra.Command, args []string) error {
				if err := supplier.Tuned(args[0], args[1:]...); err != nil {
					return Said{err}
				}
				return nil
			},
		})
	return cmd
}
