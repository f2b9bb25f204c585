package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"example.com/hello-world/infra/attestation"
	"example.com/hello-world/infra/attestation/signature"
	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/rollout"
)

// attest attaches to the image of a Pod template what it was made of and how, if this update built it. It does so before any Pod
// runs it, and not after the build: after a failure, the next update tries again. With a signing key, a failure is one of the
// rollout. Without, it is a warning: some registries keep nothing but images.
func (s *stack) attest(template map[string]any) error {
	reference := rollout.ImageOf(template)
	repository, _, _ := strings.Cut(reference, "@")
	dockerfile, built := s.builds.LoadAndDelete(repository) // by the first of the Deployments with it
	if !built || s.ctx.DryRun() {
		return nil
	}
	ctx, cancel := context.WithTimeout(s.ctx.Context(), time.Minute)
	defer cancel()
	args := maps.Clone(s.Config.BuildArgs)
	if slices.Contains(s.Config.Encrypted, "buildArgs") {
		for name, value := range args {
			args[name] = config.Secret(value).String()
		}
	}
	source := attestation.FindSource(ctx, "..", dockerfile.(string), s.Config.Platform, args)
	image := attestation.Image{Reference: reference, Credentials: s.Config.Push()}
	hasSBOM, err := attestation.Attach(ctx, image, source, signature.ParseKey(string(s.Config.SigningKey)))
	switch {
	case err != nil && s.Config.SigningKey != "":
		return fmt.Errorf("the new version is not rolled out, because what says how %s was built cannot be attached to it: %w", reference, err)
	case err != nil:
		return s.ctx.Log.Warn(fmt.Sprintf("nothing says how %s was built, because that cannot be attached to it: %v", reference, err), nil)
	case !hasSBOM:
		return s.ctx.Log.Info(fmt.Sprintf("%s has no SBOM: it runs no Go program", reference), nil)
	}
	return nil
}
