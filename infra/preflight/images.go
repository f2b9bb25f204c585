package preflight

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/distribution/reference"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"example.com/hello-world/infra/attestation"
	"example.com/hello-world/infra/attestation/signature"
	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/headlamp"
	"example.com/hello-world/infra/postgres"
	"example.com/hello-world/infra/traefik"
)

// Images maps other publishers' images that the stack runs, by tag, to the same by digest.
type Images map[string]string

// Pinned returns an image by its digest, if that is known.
func (i Images) Pinned(image string) string {
	if pinned, known := i[image]; known {
		return pinned
	}
	return image
}

// findImages looks up the images that the stack runs but does not build. It refuses an image that does not exist: nodes would
// ask for it again and again, for as long as a rollout may take.
func findImages(ctx context.Context, cfg config.Config) (Images, error) {
	if err := checkImages(ctx, cfg); err != nil {
		return nil, err
	}
	found := Images{}
	if cfg.InstallsIngressController() {
		if err := found.add(ctx, cfg, traefik.Image, "ingressController"); err != nil {
			return nil, err
		}
	}
	if cfg.Database != "" {
		if err := found.add(ctx, cfg, postgres.Image, "database"); err != nil {
			return nil, err
		}
	}
	if cfg.Dashboard {
		if err := found.add(ctx, cfg, headlamp.Image, "dashboard"); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// checkImages asks for the servers' images that are not built here.
func checkImages(ctx context.Context, cfg config.Config) error {
	key, there := "hold", slices.Collect(maps.Values(cfg.HeldImages))
	if cfg.Hold != "" {
		there = append(there, cfg.Hold)
	} else if cfg.Image != "" {
		key, there = "image", []string{cfg.Image}
	}
	for _, image := range there {
		if err := checkImage(ctx, cfg, key, image); err != nil {
			return err
		}
	}
	if key == "image" {
		return verifyImage(ctx, cfg)
	}
	return nil
}

// verifyImage refuses an image of which the public half in signingKey does not prove how it was made.
func verifyImage(ctx context.Context, cfg config.Config) error {
	key := string(cfg.SigningKey)
	if key == "" || signature.ParseKey(key) != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, registryPatience)
	defer cancel()
	if err := (attestation.Image{Reference: cfg.Image, Credentials: cfg.Pull()}).Verify(ctx, signature.PublicHalf(key)); err != nil {
		return config.Refuse("image", "is not proven by signingKey: %v; remove signingKey to run it all the same", err)
	}
	return nil
}

// checkImage asks for an image that a key demands, as the nodes will. If its registry does not answer here, or wants
// credentials that the stack does not have, the nodes may still get it.
func checkImage(ctx context.Context, cfg config.Config, key, image string) error {
	pull := cfg.Pull()
	_, err := digest(ctx, image, "", auth.Credential{Username: pull.Username, Password: string(pull.Password)})
	var response *errcode.ErrorResponse
	switch {
	case errors.Is(err, errdef.ErrNotFound):
		return config.Refuse(key, "cannot be pulled: %v", err)
	case pull.Username != "" && errors.As(err, &response) && (response.StatusCode == http.StatusUnauthorized || response.StatusCode == http.StatusForbidden):
		key = "registryUsername"
		if cfg.PullUsername != "" {
			key = "pullUsername"
		}
		return config.Refuse(key, "may not pull the image: set another name or password: %v", err)
	}
	return nil
}

// add looks up an image that the configuration key demands.
func (i Images) add(ctx context.Context, cfg config.Config, image, key string) error {
	pinned, err := pinned(ctx, cfg, image)
	if errors.Is(err, errdef.ErrNotFound) {
		return config.Refuse(key, "needs an image that cannot be pulled: %v", err)
	}
	i[image] = pinned
	return err
}

// pinned returns an image, given with its tag, by its digest in the registry of a cluster on this machine. Nodes look there
// first, and everyone on the machine can push there: a tag may lead to something else by the time a Pod starts. An image
// that is not there comes from its publisher, by its tag: what is declared must not depend on whether the publisher can be
// reached from here.
func pinned(ctx context.Context, cfg config.Config, image string) (string, error) {
	if mirror := cfg.RegistryHost(); config.OnThisMachine(mirror) {
		found, err := digest(ctx, image, mirror, auth.EmptyCredential)
		if err == nil {
			return image + "@" + found, nil
		}
		if !errors.Is(err, errdef.ErrNotFound) {
			return "", fmt.Errorf(`nothing was changed: the registry at %s, from which the cluster gets %s, does not answer: %w; "make up" starts a kind cluster's registry`, mirror, image, err)
		}
	}
	if _, err := digest(ctx, image, "", auth.EmptyCredential); errors.Is(err, errdef.ErrNotFound) {
		return "", err
	}
	return image, nil
}

// registryPatience is how long a registry may take to answer.
const registryPatience = 5 * time.Second

// digest returns the digest of an image such as traefik:v3 in its own registry, or in mirror if that is not "".
func digest(ctx context.Context, image, mirror string, credentials auth.Credential) (string, error) {
	named, err := reference.ParseDockerRef(image)
	if err != nil {
		return "", fmt.Errorf("%s: %w", image, err)
	}
	host, pathWithTag, _ := strings.Cut(named.String(), "/")
	if mirror != "" {
		host = mirror
	}
	repository, err := remote.NewRepository(host + "/" + pathWithTag)
	if err != nil {
		return "", fmt.Errorf("%s: %w", image, err)
	}
	repository.PlainHTTP = config.OnThisMachine(host)
	repository.Client = &auth.Client{Credential: auth.StaticCredential(repository.Reference.Host(), credentials)}

	ctx, cancel := context.WithTimeout(ctx, registryPatience)
	defer cancel()
	found, err := repository.Resolve(ctx, repository.Reference.Reference)
	return found.Digest.String(), err
}
