package main

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/kubeconfig"
)

// givenTo reports whether an administrator made the namespace for that stack, or for all. What a state has claimed is its own.
func givenTo(found *kubeconfig.Object, owner string) bool {
	to := found.Annotations[namespace.GivenAnnotation]
	return (to == owner || to == "all") && found.Annotations[namespace.StateAnnotation] == ""
}

// hasServiceIn reports whether a namespace is of the state with that id, or was given and has its service.
func hasServiceIn(ctx context.Context, cluster *kubeconfig.Connection, found *kubeconfig.Object, id string) bool {
	if madeBy(found, id) {
		return true
	}
	if found.Annotations[namespace.GivenAnnotation] == "" {
		return false
	}
	deployment, err := cluster.Object(ctx, "/apis/apps/v1/namespaces/"+found.Name+"/deployments/"+app)
	return err == nil && deployment != nil && deployment.Annotations[namespace.StateAnnotation] == id
}

// checkGiven reports whether the service's namespace is given. It refuses one in which the service's name is taken.
func checkGiven(ctx *pulumi.Context, cfg config.Config, id string, cluster *kubeconfig.Connection) (given bool, err error) {
	found, err := cluster.Namespace(ctx.Context(), cfg.Namespace)
	if err != nil || found == nil || !givenTo(found, namespace.Owner(ctx)) {
		return false, nil // whatever is wrong, checkNamespaces says it
	}
	deployment, err := cluster.Object(ctx.Context(), "/apis/apps/v1/namespaces/"+cfg.Namespace+"/deployments/"+app)
	if unlessHidden(err) != nil {
		return true, unusable(cfg, err)
	}
	if deployment == nil {
		return true, nil
	}
	if state := deployment.Annotations[namespace.StateAnnotation]; state == id || state == namespace.Released {
		return true, nil
	}
	owner := "not this stack's"
	if stack := deployment.Annotations[namespace.OwnerAnnotation]; stack != "" {
		owner = "of stack " + stack + ", or of another state of it"
	}
	return true, config.Mistakes{{Key: "namespace", Problem: fmt.Sprintf(
		`is %q, where the Deployment %s is %s: choose another namespace. To give it to this stack: `+
			`"kubectl annotate deployment %s -n %s --context %s --overwrite %s=%s"`,
		cfg.Namespace, app, owner, app, cfg.Namespace, quoted(cfg.Context), namespace.StateAnnotation, namespace.Released)}}
}
