// Package imagebuild builds container images from Go modules and Debian packages.
package imagebuild

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"example.com/hello-world/supplier/bare/engine"
	"example.com/hello-world/supplier/images"
	"example.com/hello-world/supplier/supply"
)

// Builder builds images.
type Builder struct {
	// Root is the project's folder, whose go.mod files pin the versions.
	Root string
	// Supplier supplies what an image is built on.
	Supplier *supply.Supplier
}

// Recipe returns how to build the image of that name.
func (b Builder) Recipe(name string) (images.Recipe, error) {
	repository, tag, _ := strings.Cut(name, ":")
	switch repository {
	case "golang":
		return b.golang(name), nil
	case "registry":
		return b.registry(name)
	case "kindest/node":
		return b.node(name, tag)
	case "traefik":
		return b.traefik(name, tag)
	case "postgres":
		return b.postgres(name), nil
	}
	if build, known := ofCloud[repository]; known {
		return b.ofCloud(name, build)
	}
	return images.Recipe{}, fmt.Errorf("%s: there is no recipe to build it", name)
}

// onDebian says why an image that is more than a single binary cannot be built here.
func onDebian() error {
	if engine.IsDebianRoot() {
		return nil
	}
	return errors.New("only root on Debian can build it. Connect to the Internet, set IMAGE_MIRROR to a registry that has it, " +
		"or bring it from another machine with docker save and docker load")
}

// hash returns the label of an image made from pins.
func hash(pins ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(append(pins, runtime.Version(), runtime.GOARCH), "\x00")))
	return hex.EncodeToString(sum[:])[:12]
}
