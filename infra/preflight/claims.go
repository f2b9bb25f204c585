package preflight

import (
	"fmt"
	"strings"

	"example.com/hello-world/infra/gateway"
	"example.com/hello-world/infra/headlamp"
	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/infra/postgres"
	"example.com/hello-world/infra/traefik"
)

// claim is an object that the stack declares, or a route that it takes, and that somebody else may have.
type claim struct {
	kind, name string // in the namespace that path says, if any
	path       string // where the API has it
	goesWith   string // the namespace of the stack with which the cluster deletes it; "" for none
	key, cause string // the configuration that demands it
	means      string // what it would mean to have it beside its owner, and what to do instead; "" if it does no harm
	route      bool   // it is a way in for the service's host and path
	released   string // how kubectl names it, if people may hand it over
}

// what names the object for people.
func (c claim) what() string {
	if _, namespace, ok := strings.Cut(c.path, "/namespaces/"); ok && c.kind != "Namespace" {
		namespace, _, _ = strings.Cut(namespace, "/")
		return fmt.Sprintf("%s %q in namespace %q", c.kind, c.name, namespace)
	}
	if c.kind == "Namespace" {
		return fmt.Sprintf("namespace %q", c.name)
	}
	return fmt.Sprintf("%s %q", c.kind, c.name)
}

func namespaceClaim(name, key, cause, wayOut string) claim {
	return claim{kind: "Namespace", name: name, path: kubeconfig.NamespacePath(name), key: key, cause: cause, released: "namespace " + name,
		means: `"pulumi destroy" would delete it with all that is in it. ` + wayOut}
}

// clusterScoped returns the claim on a cluster-scoped object. The Kubernetes provider would take over another owner's silently.
func clusterScoped(kind, name, goesWith, key, cause, wayOut string) claim {
	paths := map[string]string{
		"IngressClass":       "/apis/networking.k8s.io/v1/ingressclasses/",
		"ClusterRole":        "/apis/rbac.authorization.k8s.io/v1/clusterroles/",
		"ClusterRoleBinding": "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/",
		"GatewayClass":       gateway.Group + "/gatewayclasses/",
	}
	return claim{kind: kind, name: name, path: paths[kind] + name, goesWith: goesWith, key: key, cause: cause,
		means: `"pulumi destroy" would delete it. ` + wayOut}
}

// objects returns the claims on objects. The first is on the service's own.
func (l *look) objects(given, knowsGateways bool) []claim {
	cfg := l.cfg
	service := namespaceClaim(cfg.Namespace, "namespace", fmt.Sprintf("is %q", cfg.Namespace),
		`Choose one that is not there yet: "pulumi config set namespace NAME"`)
	if given {
		service = claim{kind: "Deployment", name: l.service, path: "/apis/apps/v1/namespaces/" + cfg.Namespace + "/deployments/" + l.service,
			key: service.key, cause: service.cause, means: `Choose another namespace: "pulumi config set namespace NAME"`, released: "deployment " + l.service + " -n " + cfg.Namespace}
	}
	all := []claim{service}
	if cfg.InstallsIngressController() {
		const cause, wayOut = `is "traefik"`, `To use the controller that is there, type "pulumi config set ingressController none"`
		all = append(all, namespaceClaim(traefik.Namespace, "ingressController", cause, wayOut))
		kinds := []string{"IngressClass", "ClusterRole", "ClusterRoleBinding"}
		if knowsGateways {
			kinds = append(kinds, "GatewayClass")
		}
		for _, kind := range kinds {
			all = append(all, clusterScoped(kind, traefik.ClusterScoped, traefik.Namespace, "ingressController", cause, wayOut))
		}
	}
	if cfg.Database != "" {
		all = append(all, namespaceClaim(postgres.Namespace(cfg.Namespace), "database", `is "postgres"`,
			`Choose another namespace for the service, which the database's is called after: "pulumi config set namespace NAME"`))
	}
	if cfg.Dashboard {
		const cause, wayOut = "is true", `Remove it first, or type "pulumi config set dashboard false"`
		all = append(all, namespaceClaim(headlamp.Namespace, "dashboard", cause, wayOut))
		for _, kind := range []string{"ClusterRole", "ClusterRoleBinding"} {
			all = append(all, clusterScoped(kind, headlamp.ClusterScoped, headlamp.Namespace, "dashboard", cause, wayOut))
		}
	}
	return all
}
