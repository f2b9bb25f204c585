package images

import (
	"context"
	"go/version"
	"regexp"

	"example.com/hello-world/supplier/docker"
	"example.com/hello-world/supplier/pins"
)

// golang describes the image that compiles the server.
func (s Source) golang() (image, error) {
	module := pins.Module{Dir: s.Root}
	tag, err := module.GoVersion()
	if err != nil {
		return image{}, err
	}
	release, err := module.GoRelease()
	name := "golang:" + tag
	return image{name: name, version: release, tooOld: func(ctx context.Context) bool { return golangBefore(ctx, name, release) }}, err
}

// golangBefore reports whether a published image has an older Go than release, which would refuse to compile the server. One
// that was built here does not say, and is present only if it has this machine's Go.
func golangBefore(ctx context.Context, name, release string) bool {
	env, err := docker.Output(ctx, "image", "inspect", "--format", "{{range .Config.Env}}{{println .}}{{end}}", name)
	has := golangVersion.FindStringSubmatch(env)
	return err == nil && has != nil && version.Compare("go"+has[1], "go"+release) < 0
}

// golangVersion is in the environment of the official image.
var golangVersion = regexp.MustCompile(`(?m)^GOLANG_VERSION=(\S+)$`)
