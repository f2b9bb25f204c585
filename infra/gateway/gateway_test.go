package gateway

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	v1 "sigs.k8s.io/gateway-api/apis/v1"
)

// A listener says whose routes it takes.
func TestJoins(t *testing.T) {
	from := func(from v1.FromNamespaces, labels map[string]string, kinds ...v1.RouteGroupKind) *v1.AllowedRoutes {
		return &v1.AllowedRoutes{Kinds: kinds, Namespaces: &v1.RouteNamespaces{From: &from, Selector: &metav1.LabelSelector{MatchLabels: labels}}}
	}
	team := map[string]string{"team": "shop"}
	for name, test := range map[string]struct {
		allowed *v1.AllowedRoutes
		labels  map[string]string
		own     bool // namespace
		others  bool
	}{
		"nothing said":       {nil, team, true, false},
		"same":               {from(v1.NamespacesFromSame, nil), team, true, false},
		"all":                {from(v1.NamespacesFromAll, nil), team, true, true},
		"none":               {from(v1.NamespacesFromNone, nil), team, false, false},
		"labelled":           {from(v1.NamespacesFromSelector, team), team, true, true},
		"labelled otherwise": {from(v1.NamespacesFromSelector, team), map[string]string{}, false, false},
		"labels unknown":     {from(v1.NamespacesFromSelector, team), nil, true, true},
		"of HTTP":            {from(v1.NamespacesFromAll, nil, v1.RouteGroupKind{Kind: "GRPCRoute"}, v1.RouteGroupKind{Kind: "HTTPRoute"}), team, true, true},
		"of gRPC":            {from(v1.NamespacesFromAll, nil, v1.RouteGroupKind{Kind: "GRPCRoute"}), team, false, false},
	} {
		of := &v1.Gateway{ObjectMeta: metav1.ObjectMeta{Namespace: "infra"}, Spec: v1.GatewaySpec{Listeners: []v1.Listener{{Name: "web", Protocol: v1.HTTPProtocolType, AllowedRoutes: test.allowed}}}}
		for namespace, want := range map[string]bool{"infra": test.own, "hello": test.others} {
			_, err := Listener(of, "", Route{Namespace: namespace, Labels: test.labels})
			if (err == nil) != want || err != nil && !strings.HasSuffix(err.Error(), "there are web (HTTP, no HTTPRoutes of the namespace "+namespace+")") {
				t.Errorf("%s: from the namespace %s it says %v", name, namespace, err)
			}
		}
	}
}

// Clients reach a host by HTTPS where they can.
func TestListener(t *testing.T) {
	listener := func(name string, protocol v1.ProtocolType, host string) v1.Listener {
		return v1.Listener{Name: v1.SectionName(name), Protocol: protocol, Hostname: new(v1.Hostname(host))}
	}
	of := &v1.Gateway{Spec: v1.GatewaySpec{Listeners: []v1.Listener{
		listener("tcp", v1.TCPProtocolType, ""), listener("http", v1.HTTPProtocolType, ""),
		listener("any", v1.HTTPSProtocolType, "*.example.com"), listener("one", v1.HTTPSProtocolType, "shop.example.net"),
	}}}
	for _, test := range []struct{ name, host, want string }{
		{"", "", "one"}, {"", "a.example.com", "any"}, {"", "a.b.example.com", "any"}, {"", "example.com", "http"}, {"", "shop.example.net", "one"},
		{"", "other.example.net", "http"}, {"http", "a.example.com", "http"}, {"any", "", ""}, {"tcp", "", ""}, {"nope", "", ""},
	} {
		got, err := Listener(of, test.name, Route{Host: test.host})
		if string(got.Name) != test.want || (err == nil) != (test.want != "") {
			t.Errorf("listener %q for host %q is %q, %v", test.name, test.host, got.Name, err)
		}
		if err != nil && !strings.HasSuffix(err.Error(), "there are tcp (TCP), http (HTTP), any (HTTPS for *.example.com), one (HTTPS for shop.example.net)") {
			t.Error(err)
		}
	}
}
