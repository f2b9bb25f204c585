package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/distribution/reference"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// inputs maps each accepted input to what it holds: a kind, or nested inputs.
type inputs map[string]any

type kind string

const (
	text  kind = "a string"
	off   kind = "false"
	texts kind = "a map of strings"
)

var imageInputs = inputs{
	"imageName": text,
	// The SDK sets these two.
	"skipPush":       off,
	"buildOnPreview": off,
	"build": inputs{
		"context":    text,
		"dockerfile": text,
		"platform":   text,
		"args":       texts,
		// Check sets this, and gets it back under ignoreChanges.
		"contextDigest": text,
	},
	"registry": inputs{
		"server":   text,
		"username": text,
		"password": text,
	},
}

func (k kind) admits(v property.Value) bool {
	switch k {
	case text:
		return v.IsString()
	case off:
		return v.IsBool() && !v.AsBool()
	}
	if !v.IsMap() {
		return false
	}
	for _, element := range v.AsMap().All {
		if !element.IsString() && !element.IsComputed() {
			return false
		}
	}
	return true
}

// refuse lists the inputs at a path that are not accepted: it would be worse to build the wrong thing than not to build.
func refuse(at string, given property.Map, accepted inputs) (problems []string) {
	for name, v := range given.AllStable {
		path := at + name
		switch want := accepted[name].(type) {
		case nil:
			problems = append(problems, path+" is not implemented by this build of the docker plugin")
		case inputs:
			if v.IsMap() {
				problems = append(problems, refuse(path+".", v.AsMap(), want)...)
			} else if !v.IsComputed() {
				problems = append(problems, path+" must be an object")
			}
		case kind:
			if !v.IsComputed() && !want.admits(v) {
				problems = append(problems, fmt.Sprintf("%s must be %s", path, want))
			}
		}
	}
	return problems
}

// complete adds what the official plugin adds to accepted inputs: the defaults, and the digest of the build context, through
// which an edited file becomes a changed input. What depends on an unknown value waits for it.
func complete(ctx context.Context, in property.Map) (property.Map, error) {
	if err := checkName(in); err != nil {
		return in, err
	}
	in = in.Set("buildOnPreview", property.New(false))
	if in.Get("build").IsComputed() {
		return in, nil
	}

	build := asMap(in.Get("build"))
	if build.Get("context").IsNull() {
		build = build.Set("context", property.New("."))
	}
	context := build.Get("context")
	if build.Get("dockerfile").IsNull() && context.IsString() {
		build = build.Set("dockerfile", property.New(path.Join(context.AsString(), "Dockerfile")))
	}
	dockerfile := build.Get("dockerfile")
	if build.Get("platform").IsNull() {
		build = build.Set("platform", property.New("linux/"+runtime.GOARCH))
	}

	if context.IsString() && dockerfile.IsString() {
		digest, err := contextDigest(ctx, source{context.AsString(), dockerfile.AsString()})
		if err != nil {
			return in, err
		}
		build = build.Set("contextDigest", property.New(digest))
	}
	return in.Set("build", property.New(build)), nil
}

func checkName(in property.Map) error {
	img := newImage(in)
	if in.Get("imageName").IsComputed() {
		return nil
	}
	if img.name == "" {
		return errors.New("imageName must be set")
	}
	// Without a server, the name alone says where to push.
	if img.registry.server == "" {
		if _, err := reference.ParseNamed(img.name); err != nil {
			return fmt.Errorf("imageName must name the registry to push to, as docker.io/library/hello does: %q: %w",
				img.name, err)
		}
	}
	return nil
}

func contextDigest(ctx context.Context, s source) (string, error) {
	if info, err := os.Stat(s.dir); err != nil {
		return "", fmt.Errorf("build.context: %w", err)
	} else if !info.IsDir() {
		return "", fmt.Errorf("build.context: %s is not a directory", s.dir)
	}
	if _, err := os.Stat(s.dockerfile); err != nil {
		inside := filepath.Join(s.dir, s.dockerfile)
		if _, elsewhere := os.Stat(inside); elsewhere == nil {
			return "", fmt.Errorf("build.dockerfile: %w: the path is not relative to the context, so try %q", err, inside)
		}
		return "", fmt.Errorf("build.dockerfile: %w", err)
	}
	digest, err := s.digest(ctx)
	if err != nil {
		return "", fmt.Errorf("build.context: %w", err)
	}
	return digest, nil
}

// image is what the inputs ask for. Unknown values are left empty.
type image struct {
	name     string
	source   source
	platform string
	args     map[string]*string
	secrets  []string // texts that no message may show

	registry struct{ server, username, password string }
}

func newImage(in property.Map) image {
	build, registry := asMap(in.Get("build")), asMap(in.Get("registry"))
	img := image{
		name:     asText(in.Get("imageName")),
		source:   source{asText(build.Get("context")), asText(build.Get("dockerfile"))},
		platform: asText(build.Get("platform")),
		args:     map[string]*string{},
	}
	args := build.Get("args")
	for name, v := range asMap(args).All {
		value := asText(v)
		img.args[name] = &value
		if value != "" && (v.Secret() || args.Secret()) {
			img.secrets = append(img.secrets, value)
		}
	}
	img.registry.server = asText(registry.Get("server"))
	img.registry.username = asText(registry.Get("username"))
	img.registry.password = asText(registry.Get("password"))
	return img
}

// mask hides the secrets in a text. Builders print their arguments.
func (img image) mask(text string) string {
	for _, secret := range img.secrets {
		text = strings.ReplaceAll(text, secret, "[secret]")
	}
	return text
}

func asText(v property.Value) string {
	if v.IsString() {
		return v.AsString()
	}
	return ""
}

func asMap(v property.Value) property.Map {
	if v.IsMap() {
		return v.AsMap()
	}
	return property.Map{}
}
