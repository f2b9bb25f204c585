// Package images supplies container images under their public names.
package images

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"example.com/hello-world/supplier/checksums"
	"example.com/hello-world/supplier/docker"
	"example.com/hello-world/supplier/supply"
)

// Source says where images come from.
type Source struct {
	// Root is the project's folder, whose go.mod files pin the versions.
	Root string
	// Mirror is the registry to pull images of Docker Hub from; "" for Docker Hub itself.
	Mirror string
	// Checksums are the digests that the project says they have.
	Checksums checksums.List
	// Database says that [Postgres] is needed, too.
	Database bool
	// Recipe says how to build the image of that name where it cannot be pulled.
	Recipe func(name string) (Recipe, error)
}

// Recipe is how an image is built.
type Recipe struct {
	// Pins is the hash of what the image is built from: its label LabelPins.
	Pins string
	// TypicalTime is how long Build takes on two cores with cold caches.
	TypicalTime time.Duration
	// Buildable says why it cannot be built here; nil if it can be built anywhere.
	Buildable func() error
	// Build makes the image.
	Build func(ctx context.Context, log io.Writer) error
}

// LabelPins is the label with the hash of what an image was built from here, so that a changed pin rebuilds it. A downloaded image
// has none.
const LabelPins = "hello-world.pins"

// Artefact returns the image called name as something that can only be built.
func (r Recipe) Artefact(name string) supply.Artefact {
	return supply.Artefact{
		Name:        name,
		TypicalTime: r.TypicalTime,
		Present:     func(ctx context.Context) (bool, error) { return present(ctx, name, r.Pins), nil },
		Buildable:   r.Buildable,
		Build:       r.Build,
	}
}

// image is a published image.
type image struct {
	name    string // its public name with tag
	version string // "" if the tag has the whole version
	// tooOld reports whether the image that is there must be replaced, although it has
	// the right name; nil if the name has the whole version.
	tooOld func(ctx context.Context) bool
}

// key returns what the image is called among the checksums.
func (i image) key() checksums.Key {
	tag := strings.LastIndex(i.name, ":")
	return checksums.Key{Name: i.name[:tag], Version: cmp.Or(i.version, i.name[tag+1:])}
}

// artefact returns the image as something to supply.
func (s Source) artefact(i image) (supply.Artefact, error) {
	recipe, err := s.Recipe(i.name)
	if err != nil {
		return supply.Artefact{}, err
	}
	a := recipe.Artefact(i.name)
	a.Unpinned = s.Checksums[i.key()] == ""
	a.Download = func(ctx context.Context, log io.Writer, progress func(string)) error {
		return s.pull(ctx, log, i, progress)
	}
	if i.tooOld != nil {
		a.Present = func(ctx context.Context) (bool, error) {
			return present(ctx, i.name, recipe.Pins) && !i.tooOld(ctx), nil
		}
	}
	return a, nil
}

// present reports whether Docker has the image, built from the same pins if it was built here.
func present(ctx context.Context, image, pins string) bool {
	label, err := docker.Output(ctx, "image", "inspect", "--format", fmt.Sprintf("{{index .Config.Labels %q}}", LabelPins), image)
	return err == nil && (label == "" || label == pins)
}
