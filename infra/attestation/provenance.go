package attestation

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/distribution/reference"
	"github.com/opencontainers/go-digest"

	"example.com/hello-world/infra/config"
)

// Source is what an image is built from.
type Source struct {
	Dockerfile, Platform string

	commit string // "" if unknown
	dirty  bool   // whether something in the checkout was not committed
	bases  []artifact
}

// FindSource finds out what an image is built from: a folder with a Dockerfile, for a platform, with values for its ARGs. What it
// cannot find out is left out.
func FindSource(ctx context.Context, folder, dockerfile, platform string, args map[string]string) Source {
	s := Source{Dockerfile: dockerfile, Platform: platform}
	status, _ := exec.CommandContext(ctx, "git", "-C", folder, "status", "--porcelain=v2", "--branch").Output()
	for line := range strings.Lines(string(status)) {
		if commit, is := strings.CutPrefix(line, "# branch.oid "); is {
			s.commit = strings.TrimSpace(commit)
		} else if !strings.HasPrefix(line, "#") {
			s.dirty = true
		}
	}
	text, _ := os.ReadFile(filepath.Join(folder, dockerfile))
	for _, image := range baseImages(string(text), args) {
		s.bases = append(s.bases, baseImage(ctx, image))
	}
	return s
}

var (
	argLine  = regexp.MustCompile(`(?im)^\s*ARG\s+(\w+)=(\S+)`)
	fromLine = regexp.MustCompile(`(?im)^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?`)
)

// baseImages returns the images that a Dockerfile begins stages with, as written there.
func baseImages(dockerfile string, args map[string]string) (images []string) {
	defaults, stages := map[string]string{}, map[string]bool{"scratch": true}
	for _, arg := range argLine.FindAllStringSubmatch(dockerfile, -1) {
		defaults[arg[1]] = strings.Trim(arg[2], `"'`)
	}
	for _, from := range fromLine.FindAllStringSubmatch(dockerfile, -1) {
		image := os.Expand(from[1], func(name string) string {
			name, otherwise, _ := strings.Cut(name, ":-")
			for _, values := range []map[string]string{args, defaults} {
				if value := values[name]; value != "" {
					return value
				}
			}
			return otherwise
		})
		if !stages[image] {
			images = append(images, image)
		}
		stages[from[2]] = true
	}
	return images
}

// baseImage returns an image with its digest: that in its name, or the one by which Docker here knows it, or else, as builders keep
// images to themselves, the one that its registry has now. An image that was never in a registry has none, but Docker's ID.
func baseImage(ctx context.Context, image string) artifact {
	base := artifact{Name: image}
	format := `{{.ID}} {{join .RepoDigests " "}}` // with .Id, as Docker prints it, join fails
	known, _ := exec.CommandContext(ctx, "docker", "image", "inspect", "--format", format, image).Output()
	for i, id := range append(strings.Fields(string(known)), image) { // what its name says counts most
		if i == 0 && id != image {
			base.Annotations = map[string]any{"id": id}
		} else if _, hex, pinned := strings.Cut(id, "@sha256:"); pinned {
			base.Digest = map[string]string{"sha256": hex}
		}
	}
	if base.Digest != nil || base.Annotations != nil {
		return base
	}
	found, err := published(ctx, image)
	if err != nil {
		base.Annotations = map[string]any{"digest": "unknown: neither Docker nor the registry told it"}
		return base
	}
	base.Digest = map[string]string{"sha256": found.Encoded()}
	base.Annotations = map[string]any{"digest": "as the registry had it after the build"}
	return base
}

// published returns the digest that an image has in its registry, which has to answer within Patience.
func published(ctx context.Context, image string) (digest.Digest, error) {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	named, err := reference.ParseDockerRef(image)
	if err != nil {
		return "", err
	}
	repository, err := repositoryOf(named.String(), config.Credentials{})
	if err != nil {
		return "", err
	}
	found, err := repository.Resolve(ctx, repository.Reference.Reference)
	return found.Digest, err
}

// provenance returns the predicate that SLSA defines.
func (s Source) provenance() any {
	dependencies := s.bases
	if s.commit != "" {
		dependencies = append([]artifact{{
			Name: "source", Digest: map[string]string{"gitCommit": s.commit}, Annotations: map[string]any{"dirty": s.dirty},
		}}, dependencies...)
	}
	return map[string]any{
		"buildDefinition": map[string]any{
			"buildType":            "https://www.pulumi.com/registry/packages/docker/api-docs/image/",
			"externalParameters":   map[string]any{"dockerfile": s.Dockerfile, "platform": s.Platform},
			"resolvedDependencies": dependencies,
		},
		"runDetails": map[string]any{"builder": map[string]any{"id": "https://github.com/pulumi/pulumi-docker"}},
	}
}
