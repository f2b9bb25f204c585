// Package gateway asks a cluster about its Gateways, in the types of Gateway API, and waits until one of them leads requests to
// an HTTPRoute.
package gateway

import (
	"context"
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	v1 "sigs.k8s.io/gateway-api/apis/v1"
	"sigs.k8s.io/gateway-api/pkg/features"

	"example.com/hello-world/infra/kubeconfig"
)

// Group is where the cluster's API has Gateways and routes, if it knows them.
const Group = "/apis/" + v1.GroupName + "/v1"

// Known reports whether the cluster has the resource types of Gateway API.
func Known(ctx context.Context, cluster *kubeconfig.Connection) (bool, error) {
	return cluster.Read(ctx, Group, &struct{}{})
}

// Find returns a Gateway; nil if it is not there.
func Find(ctx context.Context, cluster *kubeconfig.Connection, name types.NamespacedName) (*v1.Gateway, error) {
	found := &v1.Gateway{}
	if there, err := cluster.Read(ctx, path("gateways", name), found); err != nil || !there {
		return nil, err
	}
	return found, nil
}

// Names returns the Gateways of the cluster, as NAMESPACE/NAME.
func Names(ctx context.Context, cluster *kubeconfig.Connection) (names []string, err error) {
	var list struct{ Items []kubeconfig.Object }
	_, err = cluster.Read(ctx, Group+"/gateways", &list)
	for _, gateway := range list.Items {
		names = append(names, gateway.Namespace+"/"+gateway.Name)
	}
	return names, err
}

// FindClass returns a GatewayClass; nil if it is not there.
func FindClass(ctx context.Context, cluster *kubeconfig.Connection, name string) (*v1.GatewayClass, error) {
	found := &v1.GatewayClass{}
	if there, err := cluster.Read(ctx, Group+"/gatewayclasses/"+name, found); err != nil || !there {
		return nil, err
	}
	return found, nil
}

// Lacks reports whether the controller of a class says what it supports, and a feature is not among that.
func Lacks(class *v1.GatewayClass, feature features.FeatureName) bool {
	all := class.Status.SupportedFeatures
	return len(all) > 0 && !slices.ContainsFunc(all, func(one v1.SupportedFeature) bool { return string(one.Name) == string(feature) })
}

// Routes returns the HTTPRoutes of all namespaces.
func Routes(ctx context.Context, cluster *kubeconfig.Connection) ([]v1.HTTPRoute, error) {
	var list struct{ Items []v1.HTTPRoute }
	_, err := cluster.Read(ctx, Group+"/httproutes", &list)
	return list.Items, err
}

// RoutePath returns where the API has an HTTPRoute.
func RoutePath(name types.NamespacedName) string { return path("httproutes", name) }

func path(kind string, name types.NamespacedName) string {
	return Group + "/namespaces/" + name.Namespace + "/" + kind + "/" + name.Name
}

// Leads reports whether a route leads a prefix of a host, "" for any, to its server.
func Leads(route v1.HTTPRoute, host, prefix string) bool {
	hosts := route.Spec.Hostnames
	if host == "" && len(hosts) > 0 || host != "" && !slices.Contains(hosts, v1.Hostname(host)) {
		return false
	}
	return slices.ContainsFunc(route.Spec.Rules, func(rule v1.HTTPRouteRule) bool {
		return slices.ContainsFunc(rule.Matches, func(match v1.HTTPRouteMatch) bool {
			return match.Path != nil && match.Path.Value != nil && *match.Path.Value == prefix
		})
	})
}

// Of returns which Gateway a reference in a namespace names.
func Of(reference v1.ParentReference, in string) types.NamespacedName {
	if reference.Namespace != nil {
		in = string(*reference.Namespace)
	}
	return types.NamespacedName{Namespace: in, Name: string(reference.Name)}
}

// Route is what a listener takes or not.
type Route struct {
	Host      string // "" means any
	Namespace string
	Labels    map[string]string // of the namespace; nil means unknown
}

// Listener returns the listener by which clients reach a route: the named one, or else the first for HTTPS, or else the first for
// HTTP. The error says which there are.
func Listener(of *v1.Gateway, name string, route Route) (v1.Listener, error) {
	for _, protocol := range []v1.ProtocolType{v1.HTTPSProtocolType, v1.HTTPProtocolType} {
		for _, listener := range of.Spec.Listeners {
			if listener.Protocol == protocol && (name == "" || name == string(listener.Name)) && admits(listener, route.Host) && route.joins(of, listener) {
				return listener, nil
			}
		}
	}
	var all []string
	for _, listener := range of.Spec.Listeners {
		said := fmt.Sprintf("%s (%s", listener.Name, listener.Protocol)
		if listener.Hostname != nil && *listener.Hostname != "" {
			said += " for " + string(*listener.Hostname)
		}
		if !route.joins(of, listener) {
			said += ", no HTTPRoutes of the namespace " + route.Namespace
		}
		all = append(all, said+")")
	}
	return v1.Listener{}, fmt.Errorf("has no listener for the service: there are %s", strings.Join(all, ", "))
}

// joins reports whether a listener of the Gateway admits HTTPRoutes of the namespace.
func (r Route) joins(of *v1.Gateway, listener v1.Listener) bool {
	allowed := listener.AllowedRoutes
	if allowed == nil {
		return of.Namespace == r.Namespace
	}
	isHTTP := func(kind v1.RouteGroupKind) bool { return kind.Kind == "HTTPRoute" }
	if len(allowed.Kinds) > 0 && !slices.ContainsFunc(allowed.Kinds, isHTTP) {
		return false
	}
	from := v1.NamespacesFromSame
	if allowed.Namespaces != nil && allowed.Namespaces.From != nil {
		from = *allowed.Namespaces.From
	}
	switch from {
	case v1.NamespacesFromAll:
		return true
	case v1.NamespacesFromSelector:
		selector, err := metav1.LabelSelectorAsSelector(allowed.Namespaces.Selector)
		return r.Labels == nil || err == nil && selector.Matches(labels.Set(r.Labels))
	}
	return from == v1.NamespacesFromSame && of.Namespace == r.Namespace
}

// admits reports whether a listener takes requests for a host; for "", whether it says by itself where clients ask.
func admits(listener v1.Listener, host string) bool {
	if listener.Hostname == nil || *listener.Hostname == "" || string(*listener.Hostname) == host {
		return true
	}
	domain, wild := strings.CutPrefix(string(*listener.Hostname), "*")
	return wild && host != "" && strings.HasSuffix(host, domain) || !wild && host == ""
}

// Address returns where clients reach a Gateway, a host name or an IP address; "" if it has none yet.
func Address(of *v1.Gateway) string {
	if of == nil || len(of.Status.Addresses) == 0 {
		return ""
	}
	return of.Status.Addresses[0].Value
}
