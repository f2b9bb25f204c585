package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-docker/sdk/v4/go/docker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
)

// image is what the service runs.
type image struct {
	reference pulumi.StringInput // by digest
	platform  string             // what it was built for; "" if someone else built it
	built     []pulumi.Resource  // nil if it was not built here
}

// serverImage returns the server's image: the held version's, the configured one, or one that it builds.
func (s *stack) serverImage() (image, error) {
	cfg := s.Config
	platform := cfg.Platform
	if cfg.Image != "" {
		platform = ""
	}
	for _, there := range []string{cfg.Hold, cfg.Image} {
		if there != "" {
			return image{reference: pulumi.String(there), platform: platform}, nil
		}
	}
	return s.build("hello-world", "Dockerfile")
}

// furtherImage returns the image of another server of the stack: the held version's, or one that it builds with a Dockerfile,
// whose path begins at the project's folder. It belongs to the stack's versions, as the server's image does. It refuses the key
// image, which promotes the server's alone.
//
//lint:ignore U1000 docs/several.md shows how to use it
func (s *stack) furtherImage(name, dockerfile string) (further image, err error) {
	if held := s.Config.HeldImages[name]; held != "" {
		further = image{reference: pulumi.String(held), platform: s.Config.Platform}
	} else if s.Config.Image != "" {
		return image{}, config.Refuse("image", "is set, and it has no image of %s, which the program builds: remove image, and set registry", name)
	} else if further, err = s.build("hello-world/"+name, dockerfile); err != nil {
		return further, err
	}
	s.images[name] = further.reference
	return further, nil
}

// exportFurtherImages exports the images of further servers. It warns of those of the held version whose servers the program lacks.
func (s *stack) exportFurtherImages() error {
	if len(s.images) > 0 {
		s.ctx.Export("images", s.images)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Config.HeldImages)) {
		if s.images[name] == nil {
			if err := s.ctx.Log.Warn("the held version also ran "+name+", which the program lacks now: `make rollback TO=…` goes further back", nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// build builds an image and pushes it to a repository of the registry.
func (s *stack) build(repository, dockerfile string) (image, error) {
	cfg := s.Config
	// Paths are relative to infra/, where Pulumi runs the program.
	args := &docker.ImageArgs{
		// Pods run the digest of the push. The tag keeps builds of other stacks and checkouts apart, which may run at the
		// same time: the push sends what has the tag at that moment.
		ImageName: pulumi.Sprintf("%s/%s:%s", cfg.Registry, repository, s.State),
		Build: docker.DockerBuildArgs{
			Context:    pulumi.String(".."),
			Dockerfile: pulumi.String("../" + dockerfile),
			Platform:   pulumi.String(cfg.Platform),
			Args:       texts(cfg, "buildArgs", cfg.BuildArgs),
		},
	}
	if push := cfg.Push(); push.Username != "" {
		args.Registry = docker.RegistryArgs{
			Server:   pulumi.String(cfg.RegistryHost()),
			Username: pulumi.String(push.Username),
			Password: secret(push.Password),
		}
	}
	hooks, err := s.attestPushed(repository)
	if err != nil {
		return image{}, err
	}
	s.builds.Store(cfg.Registry+"/"+repository, dockerfile)
	built, err := docker.NewImage(s.ctx, repository, args, pulumi.ResourceHooks(hooks))
	if err != nil {
		return image{}, err
	}
	reference := built.RepoDigest.ApplyT(func(pushed string) string { return s.byDigest(repository, pushed) }).(pulumi.StringOutput)
	return image{reference: reference, platform: cfg.Platform, built: []pulumi.Resource{built}}, nil
}

// byDigest returns an image of the stack's registry with the digest of what was pushed: one pushed to several registries has a digest
// in each, and the official plugin names the first.
func (s *stack) byDigest(repository, pushed string) string {
	_, digest, _ := strings.Cut(pushed, "@")
	return s.Config.Registry + "/" + repository + "@" + digest
}
