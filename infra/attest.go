package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/attestation"
	"example.com/hello-world/infra/attestation/signature"
	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/object"
)

// attest attaches to an image what it was made of and how, if this update has built it, unless it has done so already. With a
// signing key, a failure is an error. Without, it is a warning: some registries keep nothing but images.
func (s *stack) attest(reference string) error {
	repository, _, _ := strings.Cut(reference, "@")
	dockerfile, built := s.builds.Load(repository)
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
	if err != nil {
		err = fmt.Errorf("what says how %s was built cannot be attached to it: %w", reference, err)
		if s.Config.SigningKey != "" {
			return err
		}
		s.builds.Delete(repository) // one warning is enough
		return s.ctx.Log.Warn(err.Error(), nil)
	}
	s.builds.Delete(repository)
	if !hasSBOM {
		return s.ctx.Log.Info(fmt.Sprintf("%s has no SBOM: it runs no Go program", reference), nil)
	}
	return nil
}

// attestPushed returns the hook of an image that is built, which attests it once it is pushed: perhaps again, to a registry that has
// lost it. If that fails, a rollout of the image tries it again, and is refused if need be.
func (s *stack) attestPushed(repository string) (*pulumi.ResourceHookBinding, error) {
	hook, err := s.ctx.RegisterResourceHook(repository+"-pushed", func(args *pulumi.ResourceHookArgs) error {
		pushed, _ := object.Plain(args.NewOutputs["repoDigest"]).(string)
		if err := s.attest(s.byDigest(repository, pushed)); err != nil {
			return s.ctx.Log.Warn(err.Error(), nil)
		}
		return nil
	}, nil)
	hooks := []*pulumi.ResourceHook{hook}
	return &pulumi.ResourceHookBinding{AfterCreate: hooks, AfterUpdate: hooks}, err
}
