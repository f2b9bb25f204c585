package gateway

import (
	"strings"
	"testing"

	v1 "sigs.k8s.io/gateway-api/apis/v1"
)

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
		got, err := Listener(of, test.name, test.host)
		if string(got.Name) != test.want || (err == nil) != (test.want != "") {
			t.Errorf("listener %q for host %q is %q, %v", test.name, test.host, got.Name, err)
		}
		if err != nil && !strings.HasSuffix(err.Error(), "there are tcp (TCP), http (HTTP), any (HTTPS for *.example.com), one (HTTPS for shop.example.net)") {
			t.Error(err)
		}
	}
}
