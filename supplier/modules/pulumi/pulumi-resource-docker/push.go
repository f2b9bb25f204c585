package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/distribution/reference"
	"github.com/moby/moby/api/pkg/authconfig"
	"github.com/moby/moby/api/types/registry"
	"github.com/moby/moby/client"
	"github.com/opencontainers/go-digest"
	p "github.com/pulumi/pulumi-go-provider"
)

// pushImage makes the engine push the image under its name, and returns the name with the digest in the registry.
func pushImage(ctx context.Context, engine *client.Client, img image) (string, error) {
	name, err := reference.ParseNormalizedNamed(img.name)
	if err != nil {
		return "", err
	}
	log := p.GetLogger(ctx)
	auth, err := img.credentials(img.server())
	if err != nil {
		log.Warningf("going on without the credentials of `docker login`, which cannot be read: %v", err)
	}
	if (img.registry.username == "") != (img.registry.password == "") {
		log.Warning("registry.username and registry.password only work together: using those of `docker login`")
	}
	encoded, err := authconfig.Encode(auth)
	if err != nil {
		return "", err
	}
	response, err := engine.ImagePush(ctx, img.name, client.ImagePushOptions{RegistryAuth: encoded})
	if err != nil {
		return "", err
	}
	defer response.Close()

	var pushed struct{ Digest digest.Digest }
	last := ""
	for m, err := range messages(response) {
		if err != nil {
			return "", fmt.Errorf("%w (%s)", err, describe(auth))
		}
		if m.Aux != nil {
			if err := json.Unmarshal(m.Aux, &pushed); err != nil {
				return "", err
			}
		}
		// The engine reports a layer under way many times a second.
		if line := strings.TrimSpace(m.ID + " " + m.Status); m.Status != "" && line != last {
			log.InfoStatus(line)
			last = line
		}
	}
	if pushed.Digest == "" {
		return "", errors.New("the engine reported no digest")
	}
	canonical, err := reference.WithDigest(reference.TrimNamed(name), pushed.Digest)
	if err != nil {
		return "", err
	}
	return canonical.String(), nil
}

func describe(auth registry.AuthConfig) string {
	if auth.Username == "" {
		return "tried without credentials"
	}
	return fmt.Sprintf("tried as %q", auth.Username)
}
