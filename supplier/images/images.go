// Package images supplies container images under their public names.
package images

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"runtime"
	"strings"
	"time"

	"example.com/hello-world/supplier/engine"
	"example.com/hello-world/supplier/supply"
)

// image is one image and how to make it.
type image struct {
	name        string // its public name with tag
	digest      string // of the published image, if known
	typicalTime time.Duration
	pins        string // hash of what a build depends on
	debian      bool   // a build takes root on Debian
	build       func(ctx context.Context, log io.Writer, pins string) error
	// tooOld reports whether the image that is there must be replaced, although it has
	// the right name; nil if the name has the whole version.
	tooOld func(ctx context.Context) bool
}

// Source says where images come from.
type Source struct {
	// Root is the project's folder, whose go.mod files pin the versions.
	Root string
	// Mirror is the registry to pull images of Docker Hub from; "" for Docker Hub itself.
	Mirror string
	// Supplier supplies what an image is built on, if it has to be built.
	Supplier *supply.Supplier
	// Database says that [Postgres] is needed, too.
	Database bool
}

// All returns the images in the order in which they are needed.
func (s Source) All() ([]supply.Artefact, error) {
	needed := []func() (image, error){s.golang, s.registry, s.node, s.traefik}
	if s.Database {
		needed = append(needed, s.postgres)
	}
	return s.artefacts(needed...)
}

func (s Source) artefacts(images ...func() (image, error)) ([]supply.Artefact, error) {
	var artefacts []supply.Artefact
	for _, describe := range images {
		i, err := describe()
		if err != nil {
			return nil, err
		}
		artefact := i.artefact()
		artefact.Download = func(ctx context.Context, log io.Writer, progress func(string)) error {
			return s.pull(ctx, log, i, progress)
		}
		artefacts = append(artefacts, artefact)
	}
	return artefacts, nil
}

func (i image) artefact() supply.Artefact {
	return supply.Artefact{
		Name:        i.name,
		TypicalTime: i.typicalTime,
		Present: func(ctx context.Context) (bool, error) {
			return present(ctx, i.name, i.pins) && (i.tooOld == nil || !i.tooOld(ctx)), nil
		},
		Buildable: func() error {
			if i.debian && !engine.IsDebianRoot() {
				return errors.New("only root on Debian can build it. Connect to the Internet, set IMAGE_MIRROR to a registry that has it, " +
					"or bring it from another machine with docker save and docker load")
			}
			return nil
		},
		Build: func(ctx context.Context, log io.Writer) error { return i.build(ctx, log, i.pins) },
	}
}

// hash returns the label of an image made from pins.
func hash(pins ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(append(pins, runtime.Version(), runtime.GOARCH), "\x00")))
	return hex.EncodeToString(sum[:])[:12]
}
