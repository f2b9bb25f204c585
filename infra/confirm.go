package main

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/kubeconfig"
)

// confirmNamespaces ends the program if a namespace in the state no longer exists.
func (s *stack) confirmNamespaces() {
	for name, uid := range s.namespaces {
		uid.ApplyT(func(uid string) string {
			if err := confirmNamespace(s.ctx, s.Cluster, name, uid); err != nil {
				fail(s.ctx, err, nil)
			}
			return uid
		})
	}
}

// confirmNamespace returns an error if a namespace in the stack's state is gone: someone deleted it, or a `pulumi destroy`
// did and was interrupted before it heard so. The engine, which asks only the state, would call it and all that was in it
// unchanged.
func confirmNamespace(ctx *pulumi.Context, cluster *kubeconfig.Connection, name, uid string) error {
	if uid == "" {
		return nil
	}
	found, err := cluster.Namespace(ctx.Context(), name)
	if err != nil || found != nil && string(found.UID) == uid {
		return nil // the provider reports whatever is wrong with the cluster
	}
	return fmt.Errorf(`namespace %q, which the stack's state has, was deleted from the cluster; `+
		`"pulumi up --refresh" recreates it, with all that was in it`, name)
}
