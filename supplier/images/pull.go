package images

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/containerd/platforms"
	"github.com/docker/cli/cli/connhelper/commandconn"
	"github.com/moby/moby/client"

	"example.com/hello-world/supplier/docker"
	"example.com/hello-world/supplier/download"
)

// pull downloads an image from Docker Hub, its mirror, or the registry that its name begins with. Docker checks it against the
// digest. After an error that may pass, it tries again.
func (s Source) pull(ctx context.Context, log io.Writer, i image, progress func(string)) error {
	from, mirrored := s.reference(i)
	err := download.Default.Retry(ctx, func() error { return pullOnce(ctx, log, from, download.Default.Stall, progress) })
	if err != nil && mirrored {
		// The user named the mirror, so do not build instead.
		return fmt.Errorf("IMAGE_MIRROR=%s: %v: correct it, or unset it", s.Mirror, err)
	}
	if err != nil {
		return err
	}
	return docker.Run(ctx, log, nil, "tag", from, i.name)
}

// reference returns what to pull, and whether that is from the user's mirror of Docker Hub.
func (s Source) reference(i image) (from string, mirrored bool) {
	from = i.name
	host, _, deep := strings.Cut(i.name, "/")
	if hub := !deep || !strings.ContainsAny(host, ".:"); hub {
		if !deep {
			from = "library/" + from
		}
		from = cmp.Or(s.Mirror, "docker.io") + "/" + from
		mirrored = s.Mirror != ""
	}
	if digest := s.Checksums[i.key()]; digest != "" {
		from = from[:strings.LastIndex(from, ":")] + "@" + digest
	}
	return from, mirrored
}

// pullOnce pulls an image once. If the engine reports nothing for as long as stall, pullOnce ends it.
func pullOnce(ctx context.Context, log io.Writer, image string, stall time.Duration, progress func(string)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stalled := time.AfterFunc(stall, func() { cancel(fmt.Errorf("it has sent nothing for %s", stall)) })
	defer stalled.Stop()

	fmt.Fprintf(log, "+ pull %s\n", image)
	err := enginePull(ctx, log, image, func() { stalled.Reset(stall) }, progress)
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return fmt.Errorf("%s: %w", image, cause)
	}
	return err
}

// enginePull makes the Docker Engine pull an image, as docker pull does, and calls alive for each of its reports.
func enginePull(ctx context.Context, log io.Writer, image string, alive func(), progress func(string)) error {
	engine, err := client.New(client.WithDialContext(dial))
	if err != nil {
		return backoff.Permanent(err)
	}
	defer engine.Close()
	// From here on, an error is about the registry.
	if _, err := engine.Ping(ctx, client.PingOptions{}); err != nil {
		fmt.Fprintln(log, err)
		return backoff.Permanent(errors.New("the Docker Engine does not answer; 'docker version' says why"))
	}
	options, err := pullOptions(ctx, log, image)
	if err != nil {
		return backoff.Permanent(err)
	}
	response, err := engine.ImagePull(ctx, image, options)
	if err == nil {
		err = follow(response.JSONMessages(ctx), log, alive, progress)
	}
	if err != nil {
		fmt.Fprintln(log, err)
		return explainPull(image, err.Error())
	}
	return nil
}

// dial reaches the engine as the docker command does, which knows about contexts, TLS and SSH.
func dial(ctx context.Context, _, _ string) (net.Conn, error) {
	return commandconn.New(ctx, "docker", "system", "dial-stdio")
}

// pullOptions returns what the docker command adds to a pull: the user's credentials, and the platform that the user prefers.
func pullOptions(ctx context.Context, log io.Writer, image string) (options client.ImagePullOptions, err error) {
	if name := os.Getenv("DOCKER_DEFAULT_PLATFORM"); name != "" {
		platform, err := platforms.Parse(name)
		if err != nil {
			return options, fmt.Errorf("DOCKER_DEFAULT_PLATFORM=%s: %w", name, err)
		}
		options.Platforms = append(options.Platforms, platform)
	}
	options.RegistryAuth, err = login(ctx, log, image)
	return options, err
}
