package preflight

import (
	"fmt"
	"maps"
	"strings"

	"k8s.io/apimachinery/pkg/types"
	v1 "sigs.k8s.io/gateway-api/apis/v1"
	"sigs.k8s.io/gateway-api/pkg/features"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/gateway"
	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/infra/traefik"
)

// Gateway is how clients reach the Gateway that the configuration names.
type Gateway struct {
	Port     int
	TLS      bool
	Hostname string // the listener's; "" means any
	Address  string // "" means that it has none yet
	Traefik  bool   // its controller is Traefik
}

// gateway looks at the Gateway that the configuration names; nil if it names none. It tells whether the cluster has Gateway API.
func (l *look) gateway() (found *Gateway, known bool, err error) {
	named := l.cfg.Gateway
	known, err = gateway.Known(l.ctx.Context(), l.cluster)
	if err = unlessForbidden(err); err != nil || named.Name == "" {
		return nil, known, err
	}
	refuse := func(format string, args ...any) error {
		return config.Refuse("gateway", "is %q, "+format, append([]any{named.String()}, args...)...)
	}
	if !known {
		return nil, false, refuse("and the cluster does not know Gateway API: `make cluster` adds it to a kind cluster, and elsewhere whoever runs the cluster")
	}
	if named.Of(config.StacksGateway) && l.cfg.InstallsIngressController() {
		if named.Listener != "" && named.Listener != traefik.WebListener {
			return nil, true, refuse("which has no such listener: there is %s (HTTP)", traefik.WebListener)
		}
		return &Gateway{Port: traefik.WebPort, Traefik: true}, true, nil
	}
	if err := l.warnOfRemoval(); err != nil {
		return nil, true, err
	}
	of, err := gateway.Find(l.ctx.Context(), l.cluster, types.NamespacedName{Namespace: named.Namespace, Name: named.Name})
	if err != nil {
		return nil, true, refuse("which cannot be looked at: %v", err)
	}
	if of == nil {
		return nil, true, refuse("which is not in the cluster: %s", l.gateways())
	}
	class := string(of.Spec.GatewayClassName)
	switch is, err := gateway.FindClass(l.ctx.Context(), l.cluster, class); {
	case err != nil: // the controller will say
	case is == nil:
		return nil, true, refuse("whose GatewayClass %q is not in the cluster, so that no controller serves it", class)
	case l.cfg.StripPrefix && gateway.Lacks(is, features.SupportHTTPRoutePathRewrite):
		return nil, true, config.Refuse("stripPrefix", "is true, and the controller of the Gateway %s cannot do that: it does not support %s", named, features.SupportHTTPRoutePathRewrite)
	}
	listener, err := gateway.Listener(of, named.Listener, l.joining())
	if err != nil {
		return nil, true, refuse("which %v", err)
	}
	found = &Gateway{
		Port: int(listener.Port), TLS: listener.Protocol == v1.HTTPSProtocolType, Address: gateway.Address(of), Traefik: class == traefik.ClusterScoped,
	}
	if l.cfg.Host == "" && listener.Hostname != nil {
		found.Hostname = string(*listener.Hostname)
	}
	if l.cfg.Dashboard && !found.TLS && !config.OnThisMachine(l.cfg.IngressAddress) {
		return nil, true, config.Refuse("dashboard", "needs TLS, because users send it their tokens, and the listener of the Gateway %s has none", named)
	}
	return found, true, nil
}

// joining returns what has to join the Gateway. Its namespace's labels are unknown to credentials that may not look at it.
func (l *look) joining() gateway.Route {
	route := gateway.Route{Host: l.cfg.Host, Namespace: l.cfg.Namespace}
	if is, err := l.ask(kubeconfig.NamespacePath(l.cfg.Namespace)); err == nil {
		route.Labels = map[string]string{"kubernetes.io/metadata.name": l.cfg.Namespace}
		if is != nil {
			maps.Copy(route.Labels, is.Labels)
		}
		maps.Copy(route.Labels, l.cfg.NamespaceLabels)
	}
	return route
}

// warnOfRemoval warns of an update that removes the Gateway that leads to the service.
func (l *look) warnOfRemoval() error {
	if !l.cfg.Gateway.Of(config.StacksGateway) {
		return nil
	}
	installed, err := l.object(kubeconfig.NamespacePath(traefik.Namespace))
	if err != nil || installed == nil || installed.Annotations[namespace.StateAnnotation] != l.state {
		return nil // whatever is wrong with the cluster, the look at the Gateway says it
	}
	return l.ctx.Log.Warn("this update removes Traefik, and with it the Gateway "+l.cfg.Gateway.String()+" that leads to the service: "+
		"set ingressController to traefik, or gateway to another one", nil)
}

// stripping refuses stripPrefix behind a Traefik that is not of this project: an Ingress can only name what is in its files.
func (l *look) stripping() error {
	if !l.cfg.StripPrefix || l.cfg.Gateway.Name != "" || l.cfg.InstallsIngressController() {
		return nil
	}
	installed, err := l.object(kubeconfig.NamespacePath(traefik.Namespace))
	if err != nil || installed != nil && installed.Annotations[namespace.OwnerAnnotation] != "" {
		return err
	}
	return config.Refuse("stripPrefix", "is true, and no stack has installed the Traefik of this cluster: set gateway, or say it in ingressAnnotations")
}

// gateways says which Gateways there are.
func (l *look) gateways() string {
	names, err := gateway.Names(l.ctx.Context(), l.cluster)
	switch {
	case err != nil:
		return fmt.Sprint(err)
	case len(names) == 0:
		return "there is none"
	}
	return "there are " + strings.Join(names, ", ")
}
