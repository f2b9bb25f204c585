package images

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/docker/cli/cli/config"
	"github.com/moby/moby/api/pkg/authconfig"
	"github.com/moby/moby/api/types/registry"
)

// login returns what `docker login` has filed for an image's registry, as the engine takes it.
func login(ctx context.Context, log io.Writer, image string) (encoded string, err error) {
	server, _, _ := strings.Cut(image, "/")
	if server == "docker.io" {
		server = "https://index.docker.io/v1/"
	}
	filed := make(chan registry.AuthConfig, 1)
	go func() { // a credential helper may hang, and does not end with ctx
		found, err := config.LoadDefaultConfigFile(log).GetAuthConfig(server)
		if err != nil {
			fmt.Fprintf(log, "going on without the credentials of docker login, which cannot be read: %v\n", err)
		}
		filed <- registry.AuthConfig(found)
	}()
	select {
	case credentials := <-filed:
		return authconfig.Encode(credentials)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
