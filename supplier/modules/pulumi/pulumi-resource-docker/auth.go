package main

import (
	"context"
	"net"
	"path/filepath"

	"github.com/distribution/reference"
	"github.com/docker/cli/cli/config"
	"github.com/docker/cli/cli/config/credentials"
	"github.com/moby/buildkit/session"
	sessionauth "github.com/moby/buildkit/session/auth"
	"github.com/moby/buildkit/session/filesync"
	"github.com/moby/moby/api/types/registry"
	"github.com/moby/moby/client"
	"google.golang.org/grpc"
)

// credentials returns the credentials for a registry: from the inputs, if it is the one that they push to, else from `docker
// login`. There may be none. The error says why those of `docker login` cannot be read, for instance because of a broken
// credential helper. A registry that needs none works all the same, as with `docker push`.
func (img image) credentials(server string) (registry.AuthConfig, error) {
	server = accountOf(server)
	if img.registry.username != "" && img.registry.password != "" && server == accountOf(img.server()) {
		return registry.AuthConfig{
			Username:      img.registry.username,
			Password:      img.registry.password,
			ServerAddress: server,
		}, nil
	}
	settings, err := config.Load(config.Dir())
	if err != nil {
		return registry.AuthConfig{}, err
	}
	found, err := settings.GetAuthConfig(server)
	return registry.AuthConfig{
		Username: found.Username, Password: found.Password, ServerAddress: found.ServerAddress, IdentityToken: found.IdentityToken,
		RegistryToken: found.RegistryToken,
	}, err
}

// server returns the registry to push the image to.
func (img image) server() string {
	if img.registry.server != "" {
		return img.registry.server
	}
	name, err := reference.ParseNormalizedNamed(img.name)
	if err != nil {
		return ""
	}
	return reference.Domain(name)
}

// accountOf returns the name under which `docker login` files the credentials of a registry.
func accountOf(server string) string {
	switch host := credentials.ConvertToHostname(server); host {
	case "docker.io", "index.docker.io", "registry-1.docker.io":
		return "https://index.docker.io/v1/"
	default:
		return host
	}
}

// openSession opens the connection on which BuildKit asks for what it needs
// during a build: the source, and credentials to pull the base image.
func openSession(ctx context.Context, engine *client.Client, img image) (*session.Session, error) {
	// By this key, BuildKit finds what it has of the folder from the last time.
	dir, err := filepath.Abs(img.source.dir)
	if err != nil {
		return nil, err
	}
	folders, err := img.source.folders()
	if err != nil {
		return nil, err
	}
	s, err := session.NewSession(ctx, dir)
	if err != nil {
		return nil, err
	}
	s.Allow(filesync.NewFSSyncProvider(folders))
	s.Allow(&credentialsServer{img: img})
	go s.Run(ctx, func(ctx context.Context, proto string, meta map[string][]string) (net.Conn, error) {
		return engine.DialHijack(ctx, "/session", proto, meta)
	})
	return s, nil
}

// credentialsServer answers BuildKit. It leaves fetching tokens to BuildKit.
type credentialsServer struct {
	sessionauth.UnimplementedAuthServer
	img image
}

func (c *credentialsServer) Register(server *grpc.Server) {
	sessionauth.RegisterAuthServer(server, c)
}

func (c *credentialsServer) Credentials(_ context.Context, req *sessionauth.CredentialsRequest) (*sessionauth.CredentialsResponse, error) {
	found, _ := c.img.credentials(req.Host) // the push reports an error
	if found.IdentityToken != "" {
		return &sessionauth.CredentialsResponse{Secret: found.IdentityToken}, nil
	}
	return &sessionauth.CredentialsResponse{Username: found.Username, Secret: found.Password}, nil
}
