package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/headlamp"
	"example.com/hello-world/infra/traefik"
)

// pins are images of others that the stack runs, with their tags, and the same by their digests.
type pins map[string]string

// of is an image by its digest, if that is known.
func (p pins) of(image string) string {
	if pinned, known := p[image]; known {
		return pinned
	}
	return image
}

// pin looks up what the stack runs.
func pin(ctx context.Context, cfg config.Config) (pins, error) {
	var images []string
	if cfg.InstallsIngressController() {
		images = append(images, traefik.Image)
	}
	if cfg.Dashboard {
		images = append(images, headlamp.Image)
	}
	found := pins{}
	for _, image := range images {
		pinned, err := pinned(ctx, cfg, image)
		if err != nil {
			return nil, err
		}
		found[image] = pinned
	}
	return found, nil
}

// pinned returns an image, given with its tag, by the digest that it has in the registry of a cluster on this machine. That
// is where nodes look for it first, and everybody on the machine can push there: a tag may lead to something else by the
// time a Pod starts. An image that is not there comes from its publisher, by its tag.
func pinned(ctx context.Context, cfg config.Config, image string) (string, error) {
	registry := registryHost(cfg)
	if !config.OnThisMachine(registry) {
		return image, nil
	}
	name, tag, _ := strings.Cut(image, ":")
	if host, path, found := strings.Cut(name, "/"); !found {
		name = "library/" + name // Docker Hub's own
	} else if strings.Contains(host, ".") {
		name = path
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, "http://"+registry+"/v2/"+name+"/manifests/"+tag, nil)
	if err != nil {
		return "", err
	}
	for _, kind := range []string{
		"application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json",
		"application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.docker.distribution.manifest.v2+json",
	} {
		request.Header.Add("Accept", kind)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", fmt.Errorf(`nothing was changed, the registry at %s, which the cluster has %s from, does not answer: %w; "make up" starts that of a kind cluster`, registry, image, err)
	}
	response.Body.Close()
	digest := response.Header.Get("Docker-Content-Digest")
	if response.StatusCode != http.StatusOK || digest == "" {
		return image, nil
	}
	return image + "@" + digest, nil
}
