package commands

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"

	"github.com/spf13/cobra"

	"example.com/hello-world/ship/service"
)

func logs() *cobra.Command {
	return command("logs", "Follow the logs of all Pods", "It begins with the last 20 lines of each Pod, and ends at Ctrl-C. It changes nothing.",
		func(cmd *cobra.Command, s session) error {
			runs, err := s.service(cmd.Context())
			if err != nil {
				return err
			}
			return kubectl(cmd.Context(), runs, "logs", "--selector", runs.Selector(), "--follow", "--prefix", "--tail", "20", "--max-log-requests", "1000", "--ignore-errors")
		})
}

// kubectl runs kubectl in the namespace of a service.
func kubectl(ctx context.Context, runs service.Service, args ...string) error {
	return kubectlComplaining(ctx, os.Stderr, runs, args...)
}

// kubectlComplaining runs kubectl, whose own words go to complaints.
func kubectlComplaining(ctx context.Context, complaints io.Writer, runs service.Service, args ...string) error {
	args = append([]string{"--context", runs.Context, "--namespace", runs.Namespace}, args...)
	if runs.Kubeconfig != "" {
		file, err := os.CreateTemp("", "kubeconfig-") // only its owner can read it
		if err != nil {
			return err
		}
		defer os.Remove(file.Name())
		if _, err := file.WriteString(runs.Kubeconfig); err != nil {
			return err
		}
		args = append([]string{"--kubeconfig", file.Name()}, args...)
	}
	cmd := exec.CommandContext(ctx, "kubectl", args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, complaints
	err := cmd.Run()
	var code *exec.ExitError
	if errors.As(err, &code) {
		return Said{err}
	}
	return err
}
