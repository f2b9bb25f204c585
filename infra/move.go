package main

import (
	"context"
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/kubeconfig"
)

// afterRouting moves the service's clients along to another namespace: it removes the Ingress of the old one as soon as the
// new one's is there, and gives the Ingress controller time to hear of it. The update deletes the old namespace at its end, and
// the cluster deletes what is in it in any order: without this, 323 of 17,982 requests met an Ingress without a Service.
func (s *stack) afterRouting(name string) (*pulumi.ResourceHookBinding, error) {
	hook, err := s.ctx.RegisterResourceHook(name+"-moved", func(*pulumi.ResourceHookArgs) error {
		ctx := s.ctx.Context()
		former, err := formerIngresses(ctx, s.cluster, s.cfg)
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

// formerIngresses returns where the API has Ingresses that the stack's state made in other namespaces for the service's
// host and path: those from before the service was moved.
func formerIngresses(ctx context.Context, cluster *kubeconfig.Connection, cfg config.Config) (paths []string, err error) {
	now, err := cluster.Namespace(ctx, cfg.Namespace)
	if err != nil || now == nil {
		return nil, unlessHidden(err)
	}
	state := now.Annotations[namespace.StateAnnotation]
	if state == "" {
		return nil, nil
	}
	var namespaces struct{ Items []kubeconfig.Object }
	if _, err := cluster.Read(ctx, "/api/v1/namespaces", &namespaces); err != nil {
		return nil, unlessHidden(err)
	}
	for _, other := range namespaces.Items {
		if other.Annotations[namespace.StateAnnotation] != state || other.Name == cfg.Namespace {
			continue
		}
		of := "/apis/networking.k8s.io/v1/namespaces/" + other.Name + "/ingresses"
		var ingresses struct{ Items []ingressObject }
		if _, err := cluster.Read(ctx, of, &ingresses); err != nil {
			return nil, unlessHidden(err)
		}
		for _, ingress := range ingresses.Items {
			if ingress.routes(cfg.Host, cfg.Path) {
				paths = append(paths, of+"/"+ingress.Name)
			}
		}
	}
	return paths, nil
}

// ingressObject is what matters about an Ingress.
type ingressObject struct {
	kubeconfig.Object
	Spec struct {
		Rules []struct {
			Host string
			HTTP struct{ Paths []struct{ Path string } }
		}
	}
}

// routes reports whether the Ingress routes that path of that host.
func (i ingressObject) routes(host, path string) bool {
	for _, rule := range i.Spec.Rules {
		for _, routed := range rule.HTTP.Paths {
			if rule.Host == host && routed.Path == path {
				return true
			}
		}
	}
	return false
}
