package versions

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote"

	"example.com/hello-world/ship/docker"
)

// prefix begins the tags that keep the named versions. Versions with other tags stay as well.
const prefix = "named-"

// attestations begins the tags of what is attached to images, in a registry that has no other way to find it.
const attestations = "sha256-"

// versions is how many versions of each stack stay in the registry.
const versions = 10

// Collect removes unused versions from a kind cluster's registry, which runs in a container. It keeps the images that running
// names, and the last ten versions of each stack, to go back to. It reports whether it has removed something. A registry with
// other projects' repositories stays as it is: it removes untagged images from all of them, and the others may use some.
func Collect(ctx context.Context, running, state, container, address string) (removed bool, err error) {
	kept := digests(running)
	updates, err := readHistory(state, everyStack, versions)
	if err != nil {
		return false, err
	}
	for _, update := range latest(updates, versions) {
		kept = append(kept, digests(update.Image)...)
		for _, further := range update.Images {
			kept = append(kept, digests(further)...)
		}
	}
	repositories, err := repositoriesOf(ctx, address)
	if err != nil || slices.ContainsFunc(repositories, func(name string) bool { return !built.MatchString(name) && !slices.Contains(others, name) }) {
		return false, err
	}
	dropped := 0
	for _, name := range repositories {
		if !built.MatchString(name) {
			continue
		}
		repository, err := remote.NewRepository(address + "/" + name)
		if err != nil {
			return false, err
		}
		repository.PlainHTTP = true
		unused, err := retag(ctx, repository, kept)
		if dropped += unused; err != nil {
			return false, err
		}
	}
	if dropped == 0 {
		return false, nil
	}
	return true, removeUntagged(ctx, container)
}

// The repositories that this project fills: with what it builds, and with others' images.
var (
	built  = regexp.MustCompile(`^hello-world(/[^/]+)?$`)
	others = []string{"library/traefik", "library/postgres", "headlamp-k8s/headlamp"}
)

// repositoriesOf returns the names of a registry's repositories.
func repositoriesOf(ctx context.Context, address string) (names []string, err error) {
	registry, err := remote.NewRegistry(address)
	if err != nil {
		return nil, err
	}
	registry.PlainHTTP = true
	err = registry.Repositories(ctx, "", func(page []string) error { names = append(names, page...); return nil })
	return names, err
}

var reference = regexp.MustCompile(`/hello-world(?:/[^/@]+)?@(sha256:[0-9a-f]{64})`)

// digests returns the digests of the servers' images that a text names, each once, in their order.
func digests(text string) (found []string) {
	for _, match := range reference.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(found, match[1]) {
			found = append(found, match[1])
		}
	}
	return found
}

// retag tags those of the digests that the registry has, and removes such tags from all others, with those of what is attached to
// images without a tag. It returns how many it removed.
func retag(ctx context.Context, repository *remote.Repository, digests []string) (dropped int, err error) {
	wanted := map[string]bool{}
	for _, digest := range digests {
		hex := strings.TrimPrefix(digest, "sha256:")
		tag := prefix + hex
		wanted[tag], wanted[attestations+hex] = true, true
		found, err := repository.Resolve(ctx, digest)
		if err == nil {
			err = repository.Tag(ctx, found, tag)
		}
		if err != nil && !errors.Is(err, errdef.ErrNotFound) {
			return 0, err
		}
	}
	var tags []string
	if err = repository.Tags(ctx, "", func(page []string) error { tags = append(tags, page...); return nil }); err != nil {
		return 0, err
	}
	goes := func(tag string) bool { return strings.HasPrefix(tag, prefix) || strings.HasPrefix(tag, attestations) }
	// An image with another tag may be one that was just built.
	for _, tag := range tags {
		if goes(tag) {
			continue
		}
		found, err := repository.Resolve(ctx, tag)
		if err != nil {
			return 0, err
		}
		wanted[attestations+found.Digest.Encoded()] = true
	}
	for _, tag := range tags {
		if goes(tag) && !wanted[tag] {
			if err := untag(ctx, repository, tag); err != nil {
				return dropped, err
			}
			dropped++
		}
	}
	return dropped, nil
}

func untag(ctx context.Context, repository *remote.Repository, tag string) error {
	reference := repository.Reference
	address := "http://" + reference.Host() + "/v2/" + reference.Repository + "/manifests/" + tag
	request, err := http.NewRequestWithContext(ctx, http.MethodDelete, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusAccepted {
		return fmt.Errorf("DELETE %s: %s", address, response.Status)
	}
	return nil
}

// removeUntagged removes the registry's untagged images. It stops the registry meanwhile: a push could rely on layers that
// are about to go.
func removeUntagged(ctx context.Context, container string) (err error) {
	if _, err := docker.Run(ctx, "stop", container); err != nil {
		return err
	}
	defer func() {
		_, failed := docker.Run(context.WithoutCancel(ctx), "start", container)
		err = errors.Join(err, failed)
	}()
	_, err = docker.Run(ctx, "run", "--rm", "--volumes-from", container, "--entrypoint", "/bin/registry", "registry:3",
		"garbage-collect", "--delete-untagged", "/etc/distribution/config.yml")
	return err
}
