package main

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/containerd/platforms"
	"github.com/moby/moby/api/types/build"
	"github.com/moby/moby/client"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	p "github.com/pulumi/pulumi-go-provider"
)

// buildImage builds the image with the engine's BuildKit, and tags it. When ctx ends,
// so do the connection and the build in the engine.
func buildImage(ctx context.Context, engine *client.Client, img image) error {
	session, err := openSession(ctx, engine, img)
	if err != nil {
		return err
	}
	defer session.Close()

	platform, err := platforms.Parse(img.platform)
	if err != nil {
		return err
	}
	response, err := engine.ImageBuild(ctx, nil, client.ImageBuildOptions{
		Version:       build.BuilderBuildKit,
		SessionID:     session.ID(),
		RemoteContext: "client-session",
		Tags:          []string{img.name},
		Dockerfile:    filepath.Base(img.source.dockerfile),
		Platforms:     []ocispec.Platform{platform},
		BuildArgs:     img.args,
	})
	if err != nil {
		return err
	}
	defer response.Body.Close()

	log, steps, built := p.GetLogger(ctx), newSteps(), false
	for m, err := range messages(response.Body) {
		if err != nil {
			return errors.New(img.mask(steps.explain(err).Error()))
		}
		switch m.ID {
		case "moby.buildkit.trace":
			lines, err := steps.add(m.Aux)
			if err != nil {
				return err
			}
			for _, line := range lines {
				log.InfoStatus(img.mask(line))
			}
		case "moby.image.id":
			built = true
		}
	}
	if !built {
		return errors.New("the engine reported no image")
	}
	return nil
}
