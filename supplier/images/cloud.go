package images

import (
	"path"
	"time"

	"example.com/hello-world/supplier/gobuild"
	"example.com/hello-world/supplier/supply"
)

// Cloud returns the images of what a kind cluster lacks to stand in for a cloud's in
// tests: load balancers and metrics of Pods. kwok simulates nodes there.
func (s Source) Cloud() ([]supply.Artefact, error) {
	// MetalLB calls an older controller-runtime than our Kubernetes has, with one more argument in one line.
	metalLB := []gobuild.Replacement{{Module: "go.universe.tf/metallb", With: "instead/metallb"}}
	return s.artefacts(
		s.ofCloud("quay.io/metallb/controller", command{
			build: gobuild.Build{Packages: []string{"go.universe.tf/metallb/controller"}, Replace: metalLB},
			as:    "/controller", expose: "7472",
		}, "go.universe.tf/metallb"),
		s.ofCloud("quay.io/metallb/speaker", command{
			build: gobuild.Build{Packages: []string{"go.universe.tf/metallb/speaker"}, Replace: metalLB},
			as:    "/speaker", expose: "7472",
		}, "go.universe.tf/metallb"),
		s.ofCloud("registry.k8s.io/metrics-server/metrics-server", command{
			build: gobuild.Build{Packages: []string{"sigs.k8s.io/metrics-server/cmd/metrics-server"}},
			as:    "/metrics-server", expose: "10250",
		}, "sigs.k8s.io/metrics-server"),
		s.ofCloud("registry.k8s.io/kwok/kwok", command{
			build: gobuild.Build{Packages: []string{"sigs.k8s.io/kwok/cmd/kwok"}},
			as:    "/usr/local/bin/kwok", expose: "10247",
		}, "sigs.k8s.io/kwok"),
	)
}

// ofCloud describes the image of a command that module, pinned in supplier/modules/cloud,
// publishes as repository, with its own version as the tag.
func (s Source) ofCloud(repository string, c command, module string) func() (image, error) {
	return func() (image, error) {
		c.module, c.binary = gobuild.Pinned(s.Root, "cloud"), path.Base(c.as)
		version, err := c.module.Version(module)
		if err != nil {
			return image{}, err
		}
		return c.image(repository+":"+version, time.Minute)
	}
}
