package main

import (
	"strings"

	"github.com/pulumi/pulumi-docker/sdk/v4/go/docker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// image is what the service runs.
type image struct {
	reference pulumi.StringInput // by digest
	platform  string             // what it was built for; "" if someone else built it
	built     []pulumi.Resource  // nil if it was not built here
}

// buildImage builds the server and pushes it, or uses an existing image: the held version, or the configured one.
func (s *stack) buildImage() (image, error) {
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
	// Paths are relative to infra/, where Pulumi runs the program.
	args := &docker.ImageArgs{
		// Pods run the digest of the push. The tag keeps builds of other stacks and checkouts apart, which may run at the
		// same time: the push sends what has the tag at that moment.
		ImageName: pulumi.Sprintf("%s/hello-world:%s", cfg.Registry, s.State),
		Build: docker.DockerBuildArgs{
			Context:    pulumi.String(".."),
			Dockerfile: pulumi.String("../Dockerfile"),
			Platform:   pulumi.String(platform),
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
	built, err := docker.NewImage(s.ctx, "hello-world", args)
	if err != nil {
		return image{}, err
	}
	// An image pushed to several registries has a digest in each, and the official plugin names the first.
	reference := built.RepoDigest.ApplyT(func(pushed string) string {
		_, digest, _ := strings.Cut(pushed, "@")
		return cfg.Registry + "/hello-world@" + digest
	}).(pulumi.StringOutput)
	return image{reference: reference, platform: platform, built: []pulumi.Resource{built}}, nil
}
