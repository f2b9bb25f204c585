package commands

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"

	"example.com/hello-world/ship/service"
	"example.com/hello-world/ship/versions"
)

func history() *cobra.Command {
	return command("history", "List the versions that the stack has had", "The newest comes first. PROOF is what the registry has attached to its image, and is empty if that does not answer. It changes nothing.",
		func(cmd *cobra.Command, s session) error {
			state, remove, err := s.state(cmd.Context())
			if err != nil {
				return err
			}
			defer remove()
			registry, err := service.Credentials(cmd.Context(), s.Checkout, s.pulumi)
			if err != nil {
				return err
			}
			return versions.List(cmd.Context(), s.Out, state, s.stack, registry)
		})
}

// state returns a folder with Pulumi's history of the stack: the state's own, or a copy of what a bucket has.
func (s session) state(ctx context.Context) (folder string, remove func(), err error) {
	if err := s.HasTools(); err != nil {
		return "", nil, err
	}
	backend := s.Backend()
	scheme, _, _ := strings.Cut(backend, "://")
	switch scheme {
	case "file":
		return s.StateFolder(), func() {}, nil
	case "s3", "gs", "azblob":
	default:
		return "", nil, fmt.Errorf("the state is in %s, which does not give out old versions, as folders (file://…) and buckets (s3://…, gs://…, azblob://…) do: "+
			"'pulumi stack history' lists the updates,\n  and 'pulumi config set hold IMAGE' goes back to an image that you know", backend)
	}
	// What reads buckets has the drivers of Pulumi's own command line, and its go.mod.
	reader := s.Path("bin", "history")
	if _, err := os.Stat(reader); err != nil {
		s.Begins("compiling what reads buckets, usually 1m")
	}
	build := exec.CommandContext(ctx, "go", "build", "-C", s.Path("supplier", "modules", "pulumi"), "-buildvcs=false", "-o", reader, "./history")
	build.Env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return "", nil, err
	}
	if folder, err = os.MkdirTemp("", "history-"); err != nil {
		return "", nil, err
	}
	remove = func() { os.RemoveAll(folder) }
	read := exec.CommandContext(ctx, reader, backend, s.Project, s.stack, folder)
	read.Stderr = os.Stderr
	if err := read.Run(); err != nil {
		remove()
		return "", nil, Said{err}
	}
	return folder, remove, nil
}
