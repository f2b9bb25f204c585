//go:build e2e

package cloud

import (
	"net"
	"path/filepath"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// Two stacks join one Gateway of a platform team. Whatever is wrong with a Gateway has a clear end.
func testGateway(t *testing.T) {
	const host = "shop.example.com"
	hello.Kubectl(t, "create", "namespace", "gateways")
	certificate, key := drive.SelfSigned(t, host)
	hello.CreateTLSSecret(t, "gateways", "our-certificate", certificate, key)
	file, err := filepath.Abs("testdata/gateways.yaml")
	if err != nil {
		t.Fatal(err)
	}
	hello.Kubectl(t, "apply", "-f", file)

	// The class, the Gateway, its listener and the path must be there and free, before anything changes.
	plain := newStack(t, "plain", config{"gateway": "gateways/unserved", "stripPrefix": "true"})
	refused(t, plain, tooLong, "preview", `gateway is "gateways/unserved"`, `GatewayClass "nope" is not in the cluster`)
	configure(t, plain, config{"gateway": "gateways/weg"})
	refused(t, plain, tooLong, "preview", `gateway is "gateways/weg"`, "not in the cluster", "gateways/private, gateways/unserved, gateways/web")
	configure(t, plain, config{"gateway": "gateways/web/nope"})
	refused(t, plain, tooLong, "preview", `gateway is "gateways/web/nope"`, "there are http (HTTP), https (HTTPS for *.example.com)")

	configure(t, plain, config{"gateway": "gateways/web"})
	plain.Pulumi(t, "up")
	outputs := plain.Outputs(t)
	if want := "http://" + ingressIP(t) + "/plain"; outputs.URL != want {
		t.Errorf("the url output is %q, want %q", outputs.URL, want)
	}
	drive.Eventually(t, outputs.URL, drive.IsGreeting)
	plain.Pulumi(t, "up", "--expect-no-changes")
	configure(t, plain, config{"gateway": "gateways/private"})
	refused(t, plain, tooLong, "preview", `gateway is "gateways/private"`, "no HTTPRoutes of the namespace plain")
	configure(t, plain, config{"gateway": "gateways/web"})

	// The controller says what only it knows.
	hello.Kubectl(t, "patch", "httproute", "hello-route", "-n", "plain", "--type=json", "--patch", `[{"op":"replace","path":"/spec/parentRefs/0/name","value":"private"}]`)
	if said, err := plain.Output("make", "status", "STACK=plain"); err == nil || !strings.Contains(said+err.Error(), "the Gateway gateways/private does not lead to hello-route: Accepted is False: NotAllowedByListeners") {
		t.Errorf("make status says %s, error %v", said, err)
	}
	plain.Pulumi(t, "up", "--refresh")
	drive.Eventually(t, outputs.URL, drive.IsGreeting)
	hello.Kubectl(t, "delete", "httproute", "hello-route", "-n", "plain")
	refused(t, plain, buildTime, "up", "it was deleted from the cluster; `pulumi up --refresh` recreates it")
	plain.Pulumi(t, "up", "--refresh")
	drive.Eventually(t, outputs.URL, drive.IsGreeting)

	same := newStack(t, "same", config{"gateway": "gateways/web", "path": "/plain"})
	refused(t, same, tooLong, "preview", `path is /plain, but the HTTPRoute "hello-route" in namespace "plain" already exists`)

	// Whoever may deploy into one namespace only has to be given more.
	hello.Kubectl(t, "create", "namespace", "secure")
	hello.Kubectl(t, "annotate", "namespace", "secure", "hello-world/given-to=all")
	hello.Kubectl(t, "create", "serviceaccount", "deployer", "-n", "secure")
	hello.Kubectl(t, "create", "rolebinding", "deployer", "-n", "secure", "--clusterrole=edit", "--serviceaccount=secure:deployer")
	secure := newStack(t, "secure", config{"gateway": "gateways/web", "host": host, "kubeconfig": secret(kubeconfigOf(t, "secure", "deployer"))})
	refused(t, secure, tooLong, "preview", `gateway is "gateways/web"`, "these credentials may not look at it")
	const gatewayAPI = ".gateway.networking.k8s.io"
	hello.Kubectl(t, "create", "clusterrole", "gateways", "--verb=get,list", "--resource=gateways"+gatewayAPI+",gatewayclasses"+gatewayAPI+",httproutes"+gatewayAPI)
	hello.Kubectl(t, "create", "clusterrole", "routes", "--verb=*", "--resource=httproutes"+gatewayAPI)
	hello.Kubectl(t, "create", "clusterrolebinding", "gateways", "--clusterrole=gateways", "--serviceaccount=secure:deployer")
	hello.Kubectl(t, "create", "rolebinding", "routes", "-n", "secure", "--clusterrole=routes", "--serviceaccount=secure:deployer")
	secure.Pulumi(t, "up")
	outputs = secure.Outputs(t)
	if want := "https://" + host + "/secure"; outputs.URL != want {
		t.Errorf("the url output is %q, want %q", outputs.URL, want)
	}
	client := drive.Trusting(t, certificate, net.JoinHostPort(ingressIP(t), "443"))
	drive.EventuallyBy(t, client, outputs.URL, drive.IsGreeting)
	drive.Eventually(t, plain.Outputs(t).URL, drive.IsGreeting)
}
