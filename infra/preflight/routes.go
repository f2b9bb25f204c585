package preflight

import (
	"k8s.io/apimachinery/pkg/types"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/gateway"
	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/infra/traefik"
)

// A way is an Ingress or an HTTPRoute that leads the service's host and path somewhere.
type way struct {
	kind, path string // path is where the API has it
	object     kubeconfig.Object
	server     string // who serves it; "" if another way with the same host and path does no harm
}

// routes returns the claims on the service's host and path: one for each way in another namespace that has them. It tells
// whether the service's own namespace has a way of the kind that the stack does not declare.
func (l *look) routes(knowsGateways bool) (all []claim, replaces bool, err error) {
	ways, err := l.ways(knowsGateways)
	if err != nil {
		return nil, false, err
	}
	kind, server := "Ingress", l.server()
	if l.cfg.Gateway.Name != "" {
		kind = "HTTPRoute"
	}
	first := server != "" // whoever came later is refused
	for _, way := range ways {
		if way.object.Namespace == l.cfg.Namespace {
			first, replaces = false, replaces || way.kind != kind
		}
	}
	for _, way := range ways {
		if way.object.Namespace == l.cfg.Namespace {
			continue
		}
		route := claim{kind: way.kind, name: way.object.Name, path: way.path, key: "path", cause: "is " + l.cfg.Path, route: true}
		l.remember(route.path, answer{object: &way.object})
		if first && way.server == server {
			route.means = "Which of the two got the requests would be luck. Choose another path, or another host"
		}
		all = append(all, route)
	}
	return all, replaces, nil
}

// server says who serves the service's way. With other controllers than Traefik, each Ingress may have an address of its own.
func (l *look) server() string {
	switch {
	case l.cfg.Gateway.Name != "" && !l.cfg.Gateway.Of(config.StacksGateway):
		return l.cfg.Gateway.Namespace + "/" + l.cfg.Gateway.Name
	case l.cfg.Gateway.Name != "" || l.cfg.IngressClass == traefik.ClusterScoped:
		return traefik.ClusterScoped
	}
	return ""
}

// ways returns what leads the service's host and path somewhere, as far as these credentials may look.
func (l *look) ways(knowsGateways bool) (all []way, err error) {
	ingresses, err := l.cluster.Ingresses(l.ctx.Context())
	if unlessForbidden(err) != nil {
		return nil, err
	}
	for _, ingress := range ingresses {
		if !ingress.Routes(l.cfg.Host, l.cfg.Path) {
			continue
		}
		found := way{kind: "Ingress", path: ingress.Path(), object: ingress.Object}
		if ingress.Spec.IngressClassName == traefik.ClusterScoped {
			found.server = traefik.ClusterScoped
		}
		all = append(all, found)
	}
	if !knowsGateways {
		return all, nil
	}
	routes, err := gateway.Routes(l.ctx.Context(), l.cluster)
	if unlessForbidden(err) != nil {
		return nil, err
	}
	for _, route := range routes {
		if !gateway.Leads(route, l.cfg.Host, l.cfg.Path) {
			continue
		}
		found := way{kind: "HTTPRoute", path: gateway.RoutePath(types.NamespacedName{Namespace: route.Namespace, Name: route.Name}),
			object: kubeconfig.Object{TypeMeta: route.TypeMeta, ObjectMeta: route.ObjectMeta}}
		for _, to := range route.Spec.ParentRefs {
			found.server = gateway.Of(to, route.Namespace).String()
		}
		if found.server == config.StacksGateway.String() {
			found.server = traefik.ClusterScoped
		}
		all = append(all, found)
	}
	return all, nil
}
