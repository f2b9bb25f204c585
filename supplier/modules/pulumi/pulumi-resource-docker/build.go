package main

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/docker/docker/api/types/build"
	"github.com/docker/docker/client"
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

	response, err := engine.ImageBuild(ctx, nil, build.ImageBuildOptions{
		Version:       build.BuilderBuildKit,
		SessionID:     session.ID(),
		RemoteContext: "client-session",
		Tags:          []string{img.name},
		Dockerfile:    filepath.Base(img.source.dockerfile),
		Platform:      img.platform,
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
