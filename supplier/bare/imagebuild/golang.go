package imagebuild

import (
	"context"
	"io"
	"os/exec"
	"strings"
	"time"

	"example.com/hello-world/supplier/images"
)

// golangChanges are what the official image has besides files, in terms of a Dockerfile.
var golangChanges = []string{
	"ENV GOPATH=/go GOTOOLCHAIN=local PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"WORKDIR /go", `CMD ["bash"]`,
}

// golang compiles the server: this machine's Go on Debian, with the paths of the official image.
func (b Builder) golang(name string) images.Recipe {
	pins := hash(append([]string{debianPackages}, golangChanges...)...)
	return images.Recipe{
		Pins: pins, TypicalTime: 30 * time.Second, Buildable: onDebian,
		Build: func(ctx context.Context, log io.Writer) error {
			goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
			if err != nil {
				return err
			}
			return b.withContainer(ctx, log, nil, func(c container) error {
				if err := c.copyFolder(ctx, strings.TrimSpace(string(goroot)), "/usr/local/go"); err != nil {
					return err
				}
				// With the machine's own authorities, builds trust the proxies that it trusts.
				if err := c.copyIn(ctx, map[string]string{certificates: certificates}); err != nil {
					return err
				}
				return c.commit(ctx, name, pins, golangChanges...)
			})
		},
	}
}
