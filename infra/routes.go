package main

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/infra/traefik"
)

// checkRoutes refuses a host and a path that the Ingress of another state has already: which of the two would get the requests
// is luck. With other controllers than Traefik, each Ingress may have an address of its own.
func checkRoutes(ctx *pulumi.Context, cfg config.Config, id string, cluster *kubeconfig.Connection) error {
	if cfg.IngressClass != traefik.ClusterWide {
		return nil
	}
	ingresses, err := cluster.Ingresses(ctx.Context())
	if unlessHidden(err) != nil {
		return unusable(cfg, err)
	}
	ingresses = slices.DeleteFunc(ingresses, func(i kubeconfig.Ingress) bool {
		return i.Spec.IngressClassName != cfg.IngressClass || !i.Routes(cfg.Host, cfg.Path)
	})
	// Whoever came later is refused.
	if slices.ContainsFunc(ingresses, func(i kubeconfig.Ingress) bool { return i.Namespace == cfg.Namespace }) {
		return nil
	}
	for _, ingress := range ingresses {
		of, err := cluster.Namespace(ctx.Context(), ingress.Namespace)
		if err != nil || of == nil || hasServiceIn(ctx.Context(), cluster, of, id) { // ours moves
			continue
		}
		owner := ""
		if stack := of.Annotations[namespace.OwnerAnnotation]; stack != "" {
			owner = " of stack " + stack
		}
		return config.Mistakes{{Key: "path", Problem: fmt.Sprintf(
			"is %s, which the Ingress %s in namespace %s%s has already: choose another path, or another host",
			cfg.Path, ingress.Name, ingress.Namespace, owner)}}
	}
	return nil
}
