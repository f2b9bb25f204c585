// Command collect removes the versions of the server that nobody names any more from a kind cluster's registry. What stays is
// what its standard input names, which is what the cluster runs, and the last ten versions of each stack of a file backend,
// for a way back.
//
//	kubectl get replicasets -A -o jsonpath='{..image}' | collect kind-registry localhost:5001 .pulumi-state
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote"
)

// versions is how many of each stack stay.
const versions = 10

// prefix is that of the tags that keep what is named. Whatever else has a tag stays as well.
const prefix = "named-"

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "warning: old versions stay in the registry:", err)
		os.Exit(1)
	}
}

func run(container, address, state string) error {
	ctx := context.Background()
	// Registries that earlier versions made keep their images where nothing else reaches them.
	if out, err := exec.CommandContext(ctx, "docker", "inspect", "--format", "{{len .Mounts}}", container).Output(); err != nil || string(out) == "0\n" {
		return err
	}
	running, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	kept := digests(string(running))
	recent, err := lastOfEachStack(filepath.Join(state, ".pulumi", "history"))
	if err != nil {
		return err
	}
	if shared, err := sharedWithOthers(ctx, address); err != nil || shared {
		return err
	}
	repository, err := remote.NewRepository(address + "/hello-world")
	if err != nil {
		return err
	}
	repository.PlainHTTP = true
	dropped, err := tagOnly(ctx, repository, append(kept, recent...))
	if err != nil || dropped == 0 {
		return err
	}
	if err := removeUntagged(ctx, container); err != nil {
		return err
	}
	fmt.Printf("  registry %s: versions removed that nobody names any more\n", container)
	return nil
}

// ours are the repositories that this project fills.
var ours = []string{"hello-world", "library/traefik", "headlamp-k8s/headlamp"}

// sharedWithOthers reports whether the registry has repositories of others. A registry removes what has no tag from all of
// them, and others may run what has none.
func sharedWithOthers(ctx context.Context, address string) (shared bool, err error) {
	registry, err := remote.NewRegistry(address)
	if err != nil {
		return false, err
	}
	registry.PlainHTTP = true
	err = registry.Repositories(ctx, "", func(page []string) error {
		shared = shared || slices.ContainsFunc(page, func(name string) bool { return !slices.Contains(ours, name) })
		return nil
	})
	return shared, err
}

var reference = regexp.MustCompile(`/hello-world@(sha256:[0-9a-f]{64})`)

// digests are those of the server's images that a text names, each once, in their order.
func digests(text string) (found []string) {
	for _, match := range reference.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(found, match[1]) {
			found = append(found, match[1])
		}
	}
	return found
}

// lastOfEachStack reads the history that Pulumi keeps of each stack: after each update, its state.
func lastOfEachStack(history string) (recent []string, err error) {
	ofStack := map[string][]string{}
	var checkpoints []string
	err = filepath.WalkDir(history, func(file string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(file, ".checkpoint.json") {
			checkpoints = append(checkpoints, file)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	slices.Sort(checkpoints) // their names end with the time
	for _, file := range slices.Backward(checkpoints) {
		stack := filepath.Dir(file)
		if len(ofStack[stack]) >= versions {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, digest := range digests(string(text)) {
			if !slices.Contains(ofStack[stack], digest) {
				ofStack[stack] = append(ofStack[stack], digest)
			}
		}
	}
	for _, digests := range ofStack {
		recent = append(recent, digests...)
	}
	return recent, nil
}

// tagOnly gives a tag to each of the digests that is there, and takes such tags from all others. It returns how many those
// are.
func tagOnly(ctx context.Context, repository *remote.Repository, digests []string) (dropped int, err error) {
	wanted := map[string]bool{}
	for _, digest := range digests {
		tag := prefix + strings.TrimPrefix(digest, "sha256:")
		wanted[tag] = true
		found, err := repository.Resolve(ctx, digest)
		if err == nil {
			err = repository.Tag(ctx, found, tag)
		}
		if err != nil && !errors.Is(err, errdef.ErrNotFound) {
			return 0, err
		}
	}
	var tags []string
	err = repository.Tags(ctx, "", func(page []string) error { tags = append(tags, page...); return nil })
	for _, tag := range tags {
		if strings.HasPrefix(tag, prefix) && !wanted[tag] {
			if err := untag(ctx, repository, tag); err != nil {
				return dropped, err
			}
			dropped++
		}
	}
	return dropped, err
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

// removeUntagged has the registry remove what has no tag. Meanwhile it does not run: it would take what somebody pushes for
// there that is about to go.
func removeUntagged(ctx context.Context, container string) (err error) {
	if err := docker(ctx, "stop", container); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, docker(context.WithoutCancel(ctx), "start", container)) }()
	return docker(ctx, "run", "--rm", "--volumes-from", container, "--entrypoint", "/bin/registry", "registry:3",
		"garbage-collect", "--delete-untagged", "/etc/distribution/config.yml")
}

func docker(ctx context.Context, args ...string) error {
	if out, err := exec.CommandContext(ctx, "docker", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("docker %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}
