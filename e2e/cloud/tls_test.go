//go:build e2e

package cloud

import (
	"net"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// The Ingress serves a host name over TLS, with the certificate in the configured Secret.
func testTLS(t *testing.T) {
	const host = "hello.example.com"
	stack := newStack(t, "tls", nil)
	stack.Pulumi(t, "up") // makes the namespace for the Secret
	certificate, key := drive.SelfSigned(t, host)
	hello.CreateTLSSecret(t, stack.Outputs(t).Namespace, "our-certificate", certificate, key)

	configure(t, stack, config{"host": host, "tls": "secret/our-certificate"})
	stack.Pulumi(t, "up")

	outputs := stack.Outputs(t)
	if want := "https://" + host + "/tls"; outputs.URL != want {
		t.Errorf("the url output is %q, want %q", outputs.URL, want)
	}
	client := drive.Trusting(t, certificate, net.JoinHostPort(ingressIP(t), "443"))
	drive.EventuallyBy(t, client, outputs.URL, drive.IsGreeting)
}

// ingressIP returns the address that the load balancer gives the cluster's Ingress controller.
func ingressIP(t *testing.T) string {
	t.Helper()
	ip := hello.Kubectl(t, "get", "service", "traefik", "-n", "ingress", "-o", "jsonpath={.status.loadBalancer.ingress[*].ip}")
	if len(ip) != 1 {
		t.Fatalf("the addresses of the Ingress controller are %q, want one", ip)
	}
	return ip[0]
}
