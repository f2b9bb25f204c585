package images

import (
	"context"
	"go/version"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"example.com/hello-world/supplier/gobuild"
)

// golangChanges are what the official image has besides files, in terms of a Dockerfile.
var golangChanges = []string{
	"ENV GOPATH=/go GOTOOLCHAIN=local PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"WORKDIR /go", `CMD ["bash"]`,
}

// golang describes the image that compiles the server: this machine's Go on Debian, with the paths of the official image.
func (s Source) golang() (image, error) {
	module := gobuild.Module{Dir: s.Root}
	tag, err := module.GoVersion()
	if err != nil {
		return image{}, err
	}
	release, err := module.GoRelease()
	if err != nil {
		return image{}, err
	}
	name := "golang:" + tag
	return image{
		name: name, typicalTime: 30 * time.Second, pins: hash(append([]string{debianPackages}, golangChanges...)...), debian: true,
		tooOld: func(ctx context.Context) bool { return golangBefore(ctx, name, release) },
		build: func(ctx context.Context, log io.Writer, pins string) error {
			goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
			if err != nil {
				return err
			}
			return s.withContainer(ctx, log, nil, func(c container) error {
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
	}, nil
}

// golangBefore reports whether a published image has an older Go than release, which would refuse to compile the server. One
// that was built here does not say, and is present only if it has this machine's Go.
func golangBefore(ctx context.Context, name, release string) bool {
	env, err := dockerOutput(ctx, "image", "inspect", "--format", "{{range .Config.Env}}{{println .}}{{end}}", name)
	has := golangVersion.FindStringSubmatch(env)
	return err == nil && has != nil && version.Compare("go"+has[1], "go"+release) < 0
}

// golangVersion is in the environment of the official image.
var golangVersion = regexp.MustCompile(`(?m)^GOLANG_VERSION=(\S+)$`)
