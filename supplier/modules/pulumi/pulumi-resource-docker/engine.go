package main

import (
	"cmp"
	"os"

	"github.com/docker/cli/cli/config"
	"github.com/docker/cli/cli/context/docker"
	"github.com/docker/cli/cli/context/store"
	"github.com/docker/docker/client"
)

// newClient returns a client of the engine that the docker command would use: from
// DOCKER_HOST, the current docker context, or the default socket. It sends nothing yet.
func newClient() (*client.Client, error) {
	endpoint, err := findEngine(os.Getenv(client.EnvOverrideHost))
	if err != nil {
		return nil, err
	}
	opts, err := endpoint.ClientOpts()
	if err != nil {
		return nil, err
	}
	// FromEnv reads the rest of the environment: certificates, API version.
	return client.NewClientWithOpts(append([]client.Opt{client.FromEnv}, opts...)...)
}

func findEngine(host string) (docker.Endpoint, error) {
	if host != "" {
		return docker.Endpoint{EndpointMeta: docker.EndpointMeta{Host: host}}, nil
	}
	settings, err := config.Load(config.Dir())
	if err != nil {
		return docker.Endpoint{}, err
	}
	name := cmp.Or(os.Getenv("DOCKER_CONTEXT"), settings.CurrentContext, "default")
	if name == "default" {
		return docker.Endpoint{}, nil
	}
	contexts := store.New(config.ContextStoreDir(), store.NewConfig(
		func() any { return &struct{}{} },
		store.EndpointTypeGetter(docker.DockerEndpoint, func() any { return &docker.EndpointMeta{} })))
	metadata, err := contexts.GetMetadata(name)
	if err != nil {
		return docker.Endpoint{}, err
	}
	endpoint, err := docker.EndpointFromContext(metadata)
	if err != nil {
		return docker.Endpoint{}, err
	}
	return docker.WithTLSData(contexts, name, endpoint)
}
