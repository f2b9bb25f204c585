package commands

import (
	"github.com/spf13/cobra"

	"example.com/hello-world/supplier"
	"example.com/hello-world/supplier/checksums"
)

func pin() *cobra.Command {
	var replace []string
	cmd := command("pin", "Write down the checksums of what publishers show",
		"It asks the publishers for the SHA-256 of each tool, for all platforms, and for the digest of each image, and writes what is "+
			"missing into "+checksums.File+". From then on, nothing else is downloaded. It installs nothing, and changes no other file. What "+
			"is there for the same version stays. If a publisher shows another checksum of a tool, or one cannot be had, it writes nothing.",
		func(cmd *cobra.Command, s session) error { return supplier.Pin(cmd.Context(), s.Root, replace) })
	cmd.Flags().StringSliceVar(&replace, "replace", nil, "take the new checksum of the tool or image `NAME`, such as golang")
	return cmd
}
