package main

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/headlamp"
	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/infra/traefik"
)

// neededObject is an object outside of all namespaces that the stack declares. It goes away with one of the stack's
// namespaces, which tells it from another owner's object of that name.
type neededObject struct{ kind, name, namespace, key, cause, wayOut string }

// paths are the API's paths of objects outside of all namespaces, by kind.
var paths = map[string]string{
	"IngressClass":       "/apis/networking.k8s.io/v1/ingressclasses/",
	"ClusterRole":        "/apis/rbac.authorization.k8s.io/v1/clusterroles/",
	"ClusterRoleBinding": "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/",
}

func neededObjects(cfg config.Config) (needed []neededObject) {
	if cfg.InstallsIngressController() {
		for _, kind := range []string{"IngressClass", "ClusterRole", "ClusterRoleBinding"} {
			needed = append(needed, neededObject{kind, traefik.ClusterWide, traefik.Namespace, "ingressController", `is "traefik"`,
				`to use the controller that is there, "pulumi config set ingressController none"`})
		}
	}
	if cfg.Dashboard {
		for _, kind := range []string{"ClusterRole", "ClusterRoleBinding"} {
			needed = append(needed, neededObject{kind, headlamp.ClusterWide, headlamp.Namespace, "dashboard", "is true", `remove that first`})
		}
	}
	return needed
}

// checkObjects refuses to take over objects outside of all namespaces that are not this stack's. The Kubernetes provider
// would do so silently, and `pulumi destroy` would delete them.
func checkObjects(ctx *pulumi.Context, cfg config.Config, cluster *kubeconfig.Connection) error {
	var foreign config.Mistakes
	for _, needed := range neededObjects(cfg) {
		found, err := cluster.Object(ctx.Context(), paths[needed.kind]+needed.name)
		if unlessHidden(err) != nil {
			return unusable(cfg, err)
		}
		if found != nil && !goesWith(found, needed.namespace) {
			foreign = append(foreign, config.Mistake{Key: needed.key, Problem: fmt.Sprintf(
				"%s, which needs the %s %q, but the cluster already has one that is not this stack's: %s",
				needed.cause, needed.kind, needed.name, needed.wayOut)})
		}
	}
	return foreign.OrNil()
}

// goesWith reports whether the cluster deletes the object with that namespace.
func goesWith(object *kubeconfig.Object, namespace string) bool {
	for _, owner := range object.OwnerReferences {
		if owner.Kind == "Namespace" && owner.Name == namespace {
			return true
		}
	}
	return false
}
