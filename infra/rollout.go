package main

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/object"
	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/infra/trial"
)

// aroundRollout returns the hooks of the Deployment: they explain a failed rollout and, with the key verify, try a new version
// before any Pod of the old one goes.
func (s *stack) aroundRollout(name string) (*pulumi.ResourceHookBinding, error) {
	began := time.Now()
	explain, err := s.ctx.RegisterErrorHook(name+"-not-ready", func(args *pulumi.ErrorHookArgs) (retry bool, err error) {
		why := whyNotReady(s.ctx.Context(), s.cluster, s.cfg.Namespace, began)
		if why = unsaid(why, strings.Join(args.Errors, "\n")); why != "" {
			err = s.ctx.Log.Error("the new Pods: "+why, nil)
		}
		return false, err
	})
	if err != nil {
		return nil, err
	}
	hooks := &pulumi.ResourceHookBinding{OnError: []*pulumi.ErrorHook{explain}}
	if s.cfg.Verify.Path == "" {
		return hooks, nil
	}
	before, err := s.ctx.RegisterResourceHook(name+"-verify", func(args *pulumi.ResourceHookArgs) error {
		template := podTemplate(args.NewInputs)
		if reflect.DeepEqual(template, podTemplate(args.OldInputs)) {
			return nil
		}
		if s.ctx.DryRun() {
			return s.trial().Check(s.ctx.Context(), s.cfg.Namespace, name, template)
		}
		return s.verify(name, template)
	}, &pulumi.ResourceHookOptions{OnDryRun: true})
	if err != nil {
		return nil, err
	}
	after, err := s.ctx.RegisterResourceHook(name+"-old-gone", func(args *pulumi.ResourceHookArgs) error {
		if reflect.DeepEqual(podTemplate(args.NewInputs), podTemplate(args.OldInputs)) {
			return nil
		}
		if err := s.trial().OthersGone(s.ctx.Context(), s.cfg.Namespace, name); err != nil {
			return s.ctx.Log.Warn(err.Error(), nil) // the new version serves, whatever the old one does
		}
		return nil
	}, nil)
	if err != nil {
		return nil, err
	}
	hooks.BeforeCreate, hooks.BeforeUpdate = []*pulumi.ResourceHook{before}, []*pulumi.ResourceHook{before}
	hooks.AfterUpdate = []*pulumi.ResourceHook{after}
	return hooks, nil
}

// unsaid leaves out the lines that have been said: the provider often quotes a container's last words too.
func unsaid(text, said string) string {
	var left []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(said, line) {
			left = append(left, line)
		}
	}
	return strings.Join(left, "\n")
}

// verify tries the version of a Pod template.
func (s *stack) verify(name string, template map[string]any) error {
	began := time.Now()
	if err := s.trial().Run(s.ctx.Context(), s.cfg.Namespace, name, template); err != nil {
		return fmt.Errorf("the new version is not rolled out: a Pod of it was tried, and %w", err)
	}
	return s.ctx.Log.Info(fmt.Sprintf("verified: a Pod of the new version answered %s with %d after %.1f s",
		s.cfg.Verify.Path, s.cfg.Verify.Status, time.Since(began).Seconds()), nil)
}

func (s *stack) trial() trial.Trial {
	return trial.Trial{
		Cluster: s.cluster, Port: s.cfg.Port, Path: s.cfg.Verify.Path, Status: s.cfg.Verify.Status,
		Timeout: time.Duration(s.cfg.RolloutTimeout) * time.Second,
		Drain:   time.Duration(s.cfg.DrainTime)*time.Second + time.Minute, // and shut down
		WhyNotReady: func(ctx context.Context, namespace string, since time.Time) string {
			return whyNotReady(ctx, s.cluster, namespace, since)
		},
	}
}

// podTemplate returns the Pod template in a Deployment's inputs, as in JSON; nil if there are none.
func podTemplate(inputs resource.PropertyMap) map[string]any {
	spec, _ := object.Plain(inputs["spec"]).(map[string]any)
	template, _ := spec["template"].(map[string]any)
	return template
}

// whyNotReady says what is wrong with the Pods of a namespace that should get ready, in the cluster's own words: how a container
// ended and what it said last, which probe failed and what it got, what cannot be pulled, which node has no room, and which quota
// is used up; "" if the cluster has reported nothing since then. The provider says only that it timed out.
func whyNotReady(ctx context.Context, cluster *kubeconfig.Connection, namespace string, since time.Time) string {
	events, err := cluster.Events(ctx, namespace)
	if err != nil {
		return ""
	}
	pods, err := cluster.Pods(ctx, namespace, "")
	if err != nil {
		return ""
	}
	// Events have the time of the cluster's clock.
	if now, err := cluster.Now(ctx); err == nil {
		since = now.Add(-time.Since(since))
	}
	var said []string
	concerned := map[string]bool{}
	for _, pod := range pods {
		concerned[pod.Name] = !pod.Ready() && !pod.Leaves()
		// Pods of one version end alike: the words of one are enough.
		if _, words := pod.Failures(); concerned[pod.Name] && words != "" {
			said = []string{words}
		}
	}
	slices.SortFunc(events, func(a, b kubeconfig.Event) int { return a.At().Compare(b.At()) })
	for _, event := range slices.Backward(events) {
		about := event.InvolvedObject
		if about.Kind != "ReplicaSet" && !(about.Kind == "Pod" && concerned[about.Name]) {
			continue
		}
		telling := event.Type == "Warning" && event.Reason != "BackOff" || event.Reason == "Killing" && strings.Contains(event.Message, "failed")
		// Timestamps are in whole seconds.
		if telling && event.At().After(since.Add(-time.Second)) && !slices.Contains(said, event.Message) {
			said = append(said, event.Message)
		}
		if len(said) == 5 {
			break
		}
	}
	return strings.Join(said, "; ")
}
