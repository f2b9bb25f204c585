package main

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/headlamp"
	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/infra/traefik"
)

// deletionPatience is how long namespaces may take to go. Their Pods drain first.
const deletionPatience = 2 * time.Minute

// awaitDeletions waits for those of the stack's namespaces that are being deleted: by a `pulumi destroy` that was
// interrupted, or by somebody else. The stack's state still has them, so the update would put everything into a
// namespace that takes it along, and call that a success. When they are gone this is an error, since only a refresh can
// tell the state, and that comes before the program.
func awaitDeletions(ctx *pulumi.Context, cfg config.Config, cluster *kubeconfig.Connection) error {
	found, err := beingDeleted(ctx, cfg, cluster)
	if err != nil || len(found) == 0 {
		return err
	}
	if err := ctx.Log.Info(fmt.Sprintf("waiting for the end of namespaces that are being deleted, usually 25s: %q", found), nil); err != nil {
		return err
	}
	deadline := time.Now().Add(deletionPatience)
	for left := found; len(left) > 0; {
		if time.Now().After(deadline) {
			return fmt.Errorf("nothing was changed, these namespaces were still being deleted after %s: %q; "+
				`"kubectl describe namespace %s" says what for`, deletionPatience, left, left[0])
		}
		time.Sleep(time.Second)
		if left, err = beingDeleted(ctx, cfg, cluster); err != nil {
			return err
		}
	}
	return fmt.Errorf(`nothing was changed, these namespaces were being deleted and are gone now: %q; `+
		`"pulumi up --refresh" makes them anew`, found)
}

// beingDeleted are those of the stack's namespaces that are on their way out.
func beingDeleted(ctx *pulumi.Context, cfg config.Config, cluster *kubeconfig.Connection) ([]string, error) {
	namespaces := []string{cfg.Namespace}
	if cfg.InstallsIngressController() {
		namespaces = append(namespaces, traefik.Namespace)
	}
	if cfg.Dashboard {
		namespaces = append(namespaces, headlamp.Namespace)
	}
	var found []string
	for _, namespace := range namespaces {
		leaving, err := cluster.BeingDeleted(ctx.Context(), namespace)
		if err != nil {
			return nil, unusable(cfg, err)
		}
		if leaving {
			found = append(found, namespace)
		}
	}
	return found, nil
}
