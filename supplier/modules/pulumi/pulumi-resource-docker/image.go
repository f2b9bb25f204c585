package main

import (
	"context"
	"fmt"
	"time"

	"github.com/moby/moby/client"
	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

func checkImage(ctx context.Context, req p.CheckRequest) (p.CheckResponse, error) {
	if err := onlyImages(req.Urn); err != nil {
		return p.CheckResponse{}, err
	}
	if problems := refuse("", req.Inputs, imageInputs); problems != nil {
		return p.CheckResponse{Inputs: req.Inputs, Failures: failures(problems...)}, nil
	}
	in, err := complete(ctx, req.Inputs)
	if err != nil {
		return p.CheckResponse{Inputs: in, Failures: failures(err.Error())}, nil
	}
	return p.CheckResponse{Inputs: in}, nil
}

func diffImage(_ context.Context, req p.DiffRequest) (p.DiffResponse, error) {
	return compare(withoutCredentials(req.OldInputs), withoutCredentials(req.Inputs)), nil
}

// withoutCredentials leaves out what does not change an image: a registry's
// password may be a new short-lived token at every run.
func withoutCredentials(in property.Map) property.Map {
	if registry := in.Get("registry"); registry.IsMap() {
		in = in.Set("registry", property.New(registry.AsMap().Delete("username", "password")))
	}
	return in
}

func createImage(ctx context.Context, req p.CreateRequest) (p.CreateResponse, error) {
	state, err := apply(ctx, req.Properties, req.DryRun)
	return p.CreateResponse{ID: asText(req.Properties.Get("imageName")), Properties: state}, err
}

func updateImage(ctx context.Context, req p.UpdateRequest) (p.UpdateResponse, error) {
	state, err := apply(ctx, req.Inputs, req.DryRun)
	return p.UpdateResponse{Properties: state}, err
}

// readImage trusts the record, as the official plugin does.
func readImage(_ context.Context, req p.ReadRequest) (p.ReadResponse, error) {
	return p.ReadResponse{ID: req.ID, Properties: req.Properties, Inputs: req.Inputs}, onlyImages(req.Urn)
}

// deleteImage leaves the image in the engine and in the registry, where others may use it, as the official plugin does.
func deleteImage(_ context.Context, req p.DeleteRequest) error {
	return onlyImages(req.Urn)
}

// apply builds and pushes the image and returns the state to record. A preview does neither.
func apply(ctx context.Context, in property.Map, preview bool) (property.Map, error) {
	if preview {
		return state(in, property.New(property.Computed)), nil
	}
	img := newImage(in)
	// As with the official plugin, only DOCKER_HOST names another engine than the default
	// one. `make env` sets it to that of Docker's context.
	engine, err := client.New(client.FromEnv)
	if err != nil {
		return property.Map{}, err
	}
	defer engine.Close()

	start := time.Now()
	if err := buildImage(ctx, engine, img); err != nil {
		return property.Map{}, fmt.Errorf("building %s: %w", img.name, err)
	}
	built := time.Since(start).Round(100 * time.Millisecond)
	start = time.Now()
	digest, err := pushImage(ctx, engine, img)
	if err != nil {
		return property.Map{}, fmt.Errorf("pushing %s: %w", img.name, err)
	}
	pushed := time.Since(start).Round(100 * time.Millisecond)
	p.GetLogger(ctx).Infof("built in %v, pushed in %v: %s", built, pushed, digest)
	return state(in, property.New(digest)), nil
}

// state returns what to record about an image.
func state(in property.Map, repoDigest property.Value) property.Map {
	build := asMap(in.Get("build"))
	server := asMap(in.Get("registry")).Get("server")
	if server.IsNull() {
		server = property.New("")
	}
	return property.NewMap(map[string]property.Value{
		"imageName":      in.Get("imageName"),
		"baseImageName":  in.Get("imageName"),
		"repoDigest":     repoDigest,
		"registryServer": server,
		"context":        build.Get("context"),
		"dockerfile":     relativeDockerfile(build),
		"platform":       build.Get("platform"),
		// The official plugin looks for the old inputs here. Without them, its next update would rebuild an unchanged image.
		"__inputs": property.New(in).WithSecret(true),
	})
}

// relativeDockerfile returns the output with the Dockerfile's path within the
// context; the input of that name is relative to the program.
func relativeDockerfile(build property.Map) property.Value {
	context, dockerfile := build.Get("context"), build.Get("dockerfile")
	if !context.IsString() || !dockerfile.IsString() {
		return property.New(property.Computed)
	}
	return property.New(source{context.AsString(), dockerfile.AsString()}.dockerfileFromContext())
}
