// Package images supplies container images under their public names.
package images

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"example.com/hello-world/offline/gobuild"
	"example.com/hello-world/offline/supply"
)

// image is one image and how to make it.
type image struct {
	name    string // its public name with tag
	usually time.Duration
	pins    string // hash of what a build depends on
	build   func(ctx context.Context, log io.Writer, pins string) error
}

// Source says where images come from.
type Source struct {
	// Root is the project's folder, whose go.mod files pin the versions.
	Root string
	// Registry is what images are pulled from: docker.io, or a mirror of it.
	Registry string
	// Supplier supplies what an image is built on, once it is clear that it has
	// to be built.
	Supplier *supply.Supplier
}

// All returns the images in the order in which they are needed.
func (s Source) All() ([]supply.Artefact, error) {
	return s.artefacts(s.golang, s.registry, s.node, s.traefik)
}

func (s Source) artefacts(images ...func() (image, error)) ([]supply.Artefact, error) {
	var artefacts []supply.Artefact
	for _, describe := range images {
		i, err := describe()
		if err != nil {
			return nil, err
		}
		artefact := i.artefact()
		artefact.Download = func(ctx context.Context, log io.Writer) error { return s.pull(ctx, log, i.name) }
		artefacts = append(artefacts, artefact)
	}
	return artefacts, nil
}

func (i image) artefact() supply.Artefact {
	return supply.Artefact{
		Name:    i.name,
		Usually: i.usually,
		Present: func(ctx context.Context) (bool, error) { return present(ctx, i.name, i.pins), nil },
		Build:   func(ctx context.Context, log io.Writer) error { return i.build(ctx, log, i.pins) },
	}
}

// pull downloads an image of Docker Hub, or of its mirror, or of the registry
// that name begins with. Docker checks its digests.
func (s Source) pull(ctx context.Context, log io.Writer, name string) error {
	mirrored := s.Registry + "/" + name
	switch host, _, deep := strings.Cut(name, "/"); {
	case !deep:
		mirrored = s.Registry + "/library/" + name
	case strings.Contains(host, "."):
		mirrored = name
	}
	if err := docker(ctx, log, nil, "pull", mirrored); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s %w", mirrored, supply.ErrUnreachable)
	}
	return docker(ctx, log, nil, "tag", mirrored, name)
}

// module is one of the modules whose versions are pinned in offline/modules.
func (s Source) module(name string) gobuild.Module {
	return gobuild.Module{Dir: filepath.Join(s.Root, "offline", "modules", name)}
}

// hash returns the label for an image that is made from pins.
func hash(pins ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(append(pins, runtime.Version(), runtime.GOARCH), "\x00")))
	return hex.EncodeToString(sum[:])[:12]
}
