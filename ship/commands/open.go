package commands

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"

	"github.com/spf13/cobra"
)

func open() *cobra.Command {
	return command("open", "Open the service in a browser", "It prints the service's URL, and opens it in a browser if there is one.",
		func(cmd *cobra.Command, s session) error {
			runs, err := s.service(cmd.Context())
			if err != nil {
				return err
			}
			fmt.Fprintln(s.Out, runs.URL)
			opener := "xdg-open"
			if runtime.GOOS == "darwin" {
				opener = "open"
			} else if _, err := exec.LookPath(opener); err != nil || os.Getenv("DISPLAY")+os.Getenv("WAYLAND_DISPLAY") == "" {
				return nil
			}
			browser := exec.CommandContext(cmd.Context(), opener, runs.URL)
			browser.Stdout, browser.Stderr = os.Stdout, os.Stderr
			return browser.Run()
		})
}
