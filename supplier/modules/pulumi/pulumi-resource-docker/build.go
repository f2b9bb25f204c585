package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/docker/docker/api/types/build"
	"github.com/docker/docker/client"
	p "github.com/pulumi/pulumi-go-provider"

	"example.com/hello-world/supplier/modules/pulumi/pulumi-resource-docker/buildcontext"
)

// buildImage builds the image from source with the engine's BuildKit, and returns
// the image's ID. When ctx ends, so do the connection and the build in the engine.
func buildImage(ctx context.Context, engine *client.Client, img image, source *buildcontext.Context) (string, error) {
	session, err := openSession(ctx, engine, img)
	if err != nil {
		return "", err
	}
	defer session.Close()

	archive, w := io.Pipe()
	defer archive.Close()
	go func() { w.CloseWithError(source.WriteTar(w)) }()

	response, err := engine.ImageBuild(ctx, archive, build.ImageBuildOptions{
		Version:    build.BuilderBuildKit,
		SessionID:  session.ID(),
		Tags:       []string{img.name},
		Dockerfile: source.Dockerfile(),
		Platform:   img.platform,
		Target:     img.target,
		BuildArgs:  img.args,
	})
	if err != nil {
		return "", err
	}
	defer response.Body.Close()

	log, steps, id := p.GetLogger(ctx), newSteps(), ""
	for m, err := range messages(response.Body) {
		if err != nil {
			return "", steps.explain(err)
		}
		switch m.ID {
		case "moby.buildkit.trace":
			lines, err := steps.add(m.Aux)
			if err != nil {
				return "", err
			}
			for _, line := range lines {
				log.InfoStatus(line)
			}
		case "moby.image.id":
			var result build.Result
			if err := json.Unmarshal(m.Aux, &result); err != nil {
				return "", err
			}
			id = result.ID
		}
	}
	if id == "" {
		return "", errors.New("the engine reported no image")
	}
	return id, nil
}
