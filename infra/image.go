package main

import (
	"strings"

	"github.com/pulumi/pulumi-docker/sdk/v4/go/docker"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
)

// image is what the service runs.
type image struct {
	reference pulumi.StringInput // by digest
	built     []pulumi.Resource  // nothing, if it was there before
}

// buildImage builds the server and pushes it, or takes the configured image.
func buildImage(ctx *pulumi.Context, cfg config.Config) (image, error) {
	if cfg.Image != "" {
		return image{reference: pulumi.String(cfg.Image)}, nil
	}
	// Paths are relative to infra/, where Pulumi runs the program.
	args := &docker.ImageArgs{
		// No tag: whatever a tag said, only the digest of the push counts.
		ImageName: pulumi.String(cfg.Registry + "/hello-world"),
		Build: docker.DockerBuildArgs{
			Context:    pulumi.String(".."),
			Dockerfile: pulumi.String("../Dockerfile"),
			Platform:   pulumi.String(cfg.Platform),
			Args:       pulumi.ToStringMap(cfg.BuildArgs),
		},
	}
	if cfg.RegistryUsername != "" {
		args.Registry = docker.RegistryArgs{
			Server:   pulumi.String(registryHost(cfg)),
			Username: pulumi.String(cfg.RegistryUsername),
			Password: secret(cfg.RegistryPassword),
		}
	}
	built, err := docker.NewImage(ctx, "hello-world", args)
	if err != nil {
		return image{}, err
	}
	return image{reference: built.RepoDigest, built: []pulumi.Resource{built}}, nil
}

// registryHost is the host, with its port if any, that the image is pushed to and pulled from.
func registryHost(cfg config.Config) string {
	reference := cfg.Image
	if reference == "" {
		reference = cfg.Registry
	}
	host, _, _ := strings.Cut(reference, "/")
	return host
}
