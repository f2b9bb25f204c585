package attestation

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	v1 "github.com/opencontainers/image-spec/specs-go/v1"
)

func TestBaseImages(t *testing.T) {
	const dockerfile = `
ARG GO_IMAGE=golang:1.26
ARG VERSION="12"
# FROM nothing
FROM --platform=$BUILDPLATFORM ${GO_IMAGE} AS build
RUN true
from debian:${VERSION:-11}-slim@sha256:0123 as Tools
FROM alpine:${UNSET:-3.22}
FROM scratch
COPY --from=build /a /a
FROM build
`
	for _, test := range []struct {
		args map[string]string
		want []string
	}{
		{nil, []string{"golang:1.26", "debian:12-slim@sha256:0123", "alpine:3.22"}},
		{map[string]string{"GO_IMAGE": "mirror.example/golang:1.26"}, []string{"mirror.example/golang:1.26", "debian:12-slim@sha256:0123", "alpine:3.22"}},
	} {
		if got := baseImages(dockerfile, test.args); !slices.Equal(got, test.want) {
			t.Errorf("with %v: %q, want %q", test.args, got, test.want)
		}
	}
	if got := baseImage(t.Context(), "debian:12@sha256:0123"); got.Digest["sha256"] != "0123" {
		t.Errorf("it has the digest %v", got.Digest)
	}
}

// What only the builder has is asked for at its registry. What that has later counts less than what Docker or the name says.
func TestBaseImageOfARegistry(t *testing.T) {
	there := newRegistry(t)
	pushed := there.put("1", v1.MediaTypeImageIndex, []byte(`{"schemaVersion":2}`))
	for image, want := range map[string]artifact{
		there.host + "/base:1":             {Digest: map[string]string{"sha256": pushed.Digest.Encoded()}, Annotations: map[string]any{"digest": "as the registry had it after the build"}},
		there.host + "/base:1@sha256:0123": {Digest: map[string]string{"sha256": "0123"}},
		there.host + "/base:2":             {Annotations: map[string]any{"digest": "unknown: neither Docker nor the registry told it"}},
		"127.0.0.1:1/base:1":               {Annotations: map[string]any{"digest": "unknown: neither Docker nor the registry told it"}},
		"No Image":                         {Annotations: map[string]any{"digest": "unknown: neither Docker nor the registry told it"}},
	} {
		want.Name = image
		if got := baseImage(t.Context(), image); !reflect.DeepEqual(got, want) {
			t.Errorf("it is %+v, want %+v", got, want)
		}
	}
}

// The commit is that of the checkout, and whether something is not committed, a new file included.
func TestCommit(t *testing.T) {
	folder := t.TempDir()
	if s := FindSource(t.Context(), folder, "Dockerfile", "linux/amd64", nil); s.commit != "" || s.dirty {
		t.Errorf("without git, the commit is %q, dirty %v", s.commit, s.dirty)
	}
	git := func(args ...string) {
		t.Helper()
		command := exec.Command("git", append([]string{"-C", folder, "-c", "user.name=a", "-c", "user.email=a@b"}, args...)...)
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v: %s", args, err, out)
		}
	}
	git("init", "--quiet")
	git("commit", "--quiet", "--allow-empty", "--message", "one")
	if s := FindSource(t.Context(), folder, "Dockerfile", "linux/amd64", nil); len(s.commit) != 40 || s.dirty {
		t.Errorf("the commit is %q, dirty %v", s.commit, s.dirty)
	}
	if err := os.WriteFile(filepath.Join(folder, "Dockerfile"), []byte("FROM a@sha256:01\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if s := FindSource(t.Context(), folder, "Dockerfile", "linux/amd64", nil); len(s.commit) != 40 || !s.dirty || len(s.bases) != 1 {
		t.Errorf("the commit is %q, dirty %v, base images %v", s.commit, s.dirty, s.bases)
	}
}
