package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/distribution/reference"
	imageapi "github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/registry"
	"github.com/docker/docker/client"
	"github.com/opencontainers/go-digest"
	p "github.com/pulumi/pulumi-go-provider"
)

// pushImage has the engine push the image with this ID under its name, and
// returns the name with the digest that the registry knows it by.
func pushImage(ctx context.Context, engine *client.Client, img image, id string) (string, error) {
	name, err := reference.ParseNormalizedNamed(img.name)
	if err != nil {
		return "", err
	}
	as := img.name
	if reference.IsNameOnly(name) {
		// Its tag would be latest, which another build on this machine may be moving: the digest would then be that of
		// the other's image. So it gets a tag of its own, which stays: another build of the same may be pushing it, too.
		as = img.name + ":" + strings.TrimPrefix(id, "sha256:")[:12]
		if err := engine.ImageTag(ctx, id, as); err != nil {
			return "", err
		}
	}
	log := p.GetLogger(ctx)
	auth, err := img.credentials(img.server())
	if err != nil {
		return "", err
	}
	if (img.registry.username == "") != (img.registry.password == "") {
		log.Warning("registry.username and registry.password only work together: using those of `docker login`")
	}
	encoded, err := registry.EncodeAuthConfig(auth)
	if err != nil {
		return "", err
	}
	response, err := engine.ImagePush(ctx, as, imageapi.PushOptions{RegistryAuth: encoded})
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
		// A layer under way is reported many times a second.
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
