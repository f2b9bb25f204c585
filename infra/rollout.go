package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"al.essio.dev/pkg/shellescape"
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/object"
	"example.com/hello-world/infra/rollout"
)

// aroundRollout returns the hooks of a Deployment. They attest a new image. With the key migrate, those of the server then migrate
// before any Pod of the new version starts. With verify, they try that version before any Pod of the old one goes. In a preview,
// they ask the cluster whether it would take the Jobs.
func (s *stack) aroundRollout(name string) (*pulumi.ResourceHookBinding, error) {
	if name != app {
		s.beside = append(s.beside, pulumi.String(name))
	}
	changed, err := s.ctx.RegisterResourceHook(name+"-changed", func(*pulumi.ResourceHookArgs) error {
		s.changed.Store(name, true)
		return nil
	}, nil)
	if err != nil {
		return nil, err
	}
	before, err := s.ctx.RegisterResourceHook(name+"-before", func(args *pulumi.ResourceHookArgs) error {
		namespace, template, old := namespaceOf(args.NewInputs), podTemplate(args.NewInputs), podTemplate(args.OldInputs)
		if rollout.ImageOf(template) != rollout.ImageOf(old) {
			if err := s.attest(rollout.ImageOf(template)); err != nil {
				return fmt.Errorf("the new version is not rolled out, because %w", err)
			}
		}
		if name != app {
			return nil // a worker's new version has been tried with the server's
		}
		if err := s.migrate(namespace, name, template); err != nil {
			return err
		}
		if s.Config.Verify.Path == "" || reflect.DeepEqual(template, old) {
			return nil
		}
		return s.try(namespace, name, template)
	}, &pulumi.ResourceHookOptions{OnDryRun: true})
	if err != nil {
		return nil, err
	}
	return &pulumi.ResourceHookBinding{
		BeforeCreate: []*pulumi.ResourceHook{before}, BeforeUpdate: []*pulumi.ResourceHook{before},
		AfterCreate: []*pulumi.ResourceHook{changed}, AfterUpdate: []*pulumi.ResourceHook{changed},
	}, nil
}

// migrate runs the migration of a version, if one is configured.
func (s *stack) migrate(namespace, name string, template map[string]any) error {
	if len(s.Config.Migrate.Args) == 0 {
		return nil
	}
	if s.Config.Hold != "" {
		return s.ctx.Log.Info("migrate: nothing runs for a version that is held, and what has been migrated stays", nil)
	}
	migration := rollout.Migration{Arguments: s.Config.Migrate.Args, OneOff: rollout.OneOff{
		Watch: s.watch(namespace, name, nil), Timeout: time.Duration(s.Config.Migrate.Timeout) * time.Second,
		Show: func(line string) { _ = s.ctx.Log.Info("migrate: "+line, nil) },
	}}
	migration.NoRestarts = true
	if ran, err := migration.Ran(s.ctx.Context(), template); err == nil && ran {
		return nil // whatever is wrong, the run says it
	}
	if s.ctx.DryRun() {
		if err := s.ctx.Log.Info(fmt.Sprintf("migrate: %q runs before any Pod of the new version starts", s.Config.Migrate.Args), nil); err != nil {
			return err
		}
		return migration.Check(s.ctx.Context(), template)
	}
	began := time.Now()
	if err := migration.Run(s.ctx.Context(), template); err != nil {
		var lost rollout.Lost
		if errors.As(err, &lost) {
			err = fmt.Errorf(`%w. Once you know how far it came, "kubectl delete job %s -n %s --context %s" lets the next update run it again`,
				err, lost.Job, namespace, shellescape.Quote(s.Config.Context))
		}
		return fmt.Errorf("the new version is not rolled out, because of its migration: %w", err)
	}
	return s.ctx.Log.Info(fmt.Sprintf("migrated in %.1f s", time.Since(began).Seconds()), nil)
}

// try tries the version of a Pod template.
func (s *stack) try(namespace, name string, template map[string]any) error {
	trial := rollout.Trial{
		Watch: s.watch(namespace, name, nil), Port: s.Config.Port, Path: s.Config.Verify.Path, Status: s.Config.Verify.Status,
		Timeout: time.Duration(s.Config.RolloutTimeout) * time.Second,
	}
	trial.NoRestarts = true
	if s.ctx.DryRun() {
		return trial.Check(s.ctx.Context(), template)
	}
	began := time.Now()
	if err := trial.Run(s.ctx.Context(), template); err != nil {
		return fmt.Errorf("the new version is not rolled out: a Pod of it was tried, and %w", err)
	}
	return s.ctx.Log.Info(fmt.Sprintf("verified: a Pod of the new version answered %s with %d after %.1f s",
		s.Config.Verify.Path, s.Config.Verify.Status, time.Since(began).Seconds()), nil)
}

// awaitRollout waits until a Deployment's new Pods are ready and, with verify or while `make dev` runs, until the old ones are
// gone. If the new ones do not get ready, it ends the program, so that nothing that depends on them changes.
func (s *stack) awaitRollout(
	ctx context.Context, deployment *appsv1.Deployment, namespace, name string, patience time.Duration,
) error {
	about := &pulumi.LogArgs{Resource: deployment}
	progress := func(ready, replicas int) {
		_ = s.ctx.Log.Info(fmt.Sprintf("%d of %d new Pods are ready", ready, replicas), &pulumi.LogArgs{Resource: deployment, Ephemeral: true})
	}
	_, changed := s.changed.Load(name)
	r := rollout.Rollout{Watch: s.watch(namespace, name, about), Changed: changed, Patience: patience, Progress: progress}
	r.NoRestarts = s.Config.Developing
	if err := r.Await(ctx); err != nil {
		fail(s.ctx, err, about)
	}
	if s.Config.Verify.Path == "" && !s.Config.Developing {
		return nil
	}
	const shutDown = time.Minute
	if err := r.AwaitOthersGone(ctx, time.Duration(s.Config.DrainTime)*time.Second+shutDown); err != nil {
		return s.ctx.Log.Warn(err.Error(), about) // the new version serves, whatever the old one does
	}
	return nil
}

func (s *stack) watch(namespace, name string, about *pulumi.LogArgs) rollout.Watch {
	return rollout.Watch{
		Cluster: s.Cluster, Namespace: namespace, Name: name, FixedNodes: s.Config.FixedNodes(),
		Say: func(wrong string) { _ = s.ctx.Log.Warn(wrong, about) },
	}
}

// namespaceOf returns the namespace in an object's inputs.
func namespaceOf(inputs resource.PropertyMap) string {
	metadata, _ := object.Plain(inputs["metadata"]).(map[string]any)
	namespace, _ := metadata["namespace"].(string)
	return namespace
}

// podTemplate returns the Pod template in a Deployment's inputs, as in JSON; nil if there are none.
func podTemplate(inputs resource.PropertyMap) map[string]any {
	spec, _ := object.Plain(inputs["spec"]).(map[string]any)
	template, _ := spec["template"].(map[string]any)
	return template
}
