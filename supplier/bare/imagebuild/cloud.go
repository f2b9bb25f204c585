package imagebuild

import (
	"path"
	"time"

	"example.com/hello-world/supplier/bare/gobuild"
	"example.com/hello-world/supplier/images"
)

// metalLB calls an older controller-runtime than our Kubernetes has, with one more argument in one line.
var metalLB = []gobuild.Replacement{{Module: "go.universe.tf/metallb", With: "instead/metallb"}}

// ofCloud has the commands of the images that stand in for a cloud's, by repository.
var ofCloud = map[string]command{
	"quay.io/metallb/controller": {
		build: gobuild.Build{Packages: []string{"go.universe.tf/metallb/controller"}, Replace: metalLB},
		as:    "/controller", expose: "7472",
	},
	"quay.io/metallb/speaker": {
		build: gobuild.Build{Packages: []string{"go.universe.tf/metallb/speaker"}, Replace: metalLB},
		as:    "/speaker", expose: "7472",
	},
	"registry.k8s.io/metrics-server/metrics-server": {
		build: gobuild.Build{Packages: []string{"sigs.k8s.io/metrics-server/cmd/metrics-server"}},
		as:    "/metrics-server", expose: "10250",
	},
	"registry.k8s.io/kwok/kwok": {
		build: gobuild.Build{Packages: []string{"sigs.k8s.io/kwok/cmd/kwok"}},
		as:    "/usr/local/bin/kwok", expose: "10247",
	},
}

func (b Builder) ofCloud(name string, c command) (images.Recipe, error) {
	c.module, c.binary = gobuild.Pinned(b.Root, "cloud"), path.Base(c.as)
	return c.recipe(name, time.Minute)
}
