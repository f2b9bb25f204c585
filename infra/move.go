package main

import (
	"context"
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/kubeconfig"
)

// afterRouting moves the service's clients along to another namespace: it removes the Ingress of the old one as soon as the
// new one's is there, and gives the Ingress controller time to hear of it. The update deletes the old namespace at its end, and
// the cluster deletes what is in it in any order: without this, 323 of 17,982 requests met an Ingress without a Service.
func (s *stack) afterRouting(name string) (*pulumi.ResourceHookBinding, error) {
	hook, err := s.ctx.RegisterResourceHook(name+"-moved", func(*pulumi.ResourceHookArgs) error {
		ctx := s.ctx.Context()
		former, err := formerIngresses(ctx, s.cluster, s.cfg, s.id)
		if err != nil || len(former) == 0 {
			return err
		}
		for _, path := range former {
			if err := s.cluster.Delete(ctx, path, nil); err != nil {
				return err
			}
		}
		drained := time.Duration(s.cfg.DrainTime) * time.Second
		said := s.ctx.Log.Info(fmt.Sprintf("the Ingress leads to the namespace %s now, and the old one goes in %s", s.cfg.Namespace, drained), nil)
		select {
		case <-time.After(drained):
		case <-ctx.Done():
		}
		return said
	}, nil)
	if err != nil {
		return nil, err
	}
	return &pulumi.ResourceHookBinding{AfterCreate: []*pulumi.ResourceHook{hook}}, nil
}

// formerIngresses returns where the API has Ingresses that the state with that id made in other namespaces for the service's
// host and path: those from before the service was moved.
func formerIngresses(ctx context.Context, cluster *kubeconfig.Connection, cfg config.Config, id string) (paths []string, err error) {
	ingresses, err := cluster.Ingresses(ctx)
	for _, ingress := range ingresses {
		if ingress.Namespace == cfg.Namespace || !ingress.Routes(cfg.Host, cfg.Path) {
			continue
		}
		of, err := cluster.Namespace(ctx, ingress.Namespace)
		if err != nil {
			return nil, unlessHidden(err)
		}
		if of != nil && hasServiceIn(ctx, cluster, of, id) {
			paths = append(paths, ingress.Path())
		}
	}
	return paths, unlessHidden(err)
}
