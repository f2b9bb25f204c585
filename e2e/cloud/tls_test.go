//go:build e2e

package cloud

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// The Ingress serves a host name over TLS, with the certificate in the configured Secret.
func testTLS(t *testing.T) {
	const host = "hello.example.com"
	stack := newStack(t, "tls", nil)
	stack.Pulumi(t, "up") // makes the namespace for the Secret
	certificate, key := selfSigned(t, host)
	dir := t.TempDir()
	for name, text := range map[string][]byte{"tls.crt": certificate, "tls.key": key} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	hello.Kubectl(t, "create", "secret", "tls", "our-certificate", "-n", stack.Outputs(t).Namespace,
		"--cert", filepath.Join(dir, "tls.crt"), "--key", filepath.Join(dir, "tls.key"))

	configure(t, stack, config{"host": host, "tlsSecret": "our-certificate"})
	stack.Pulumi(t, "up")

	outputs := stack.Outputs(t)
	if want := "https://" + host + "/tls"; outputs.URL != want {
		t.Errorf("the url output is %q, want %q", outputs.URL, want)
	}
	client := trusting(t, certificate, net.JoinHostPort(ingressIP(t), "443"))
	for deadline := time.Now().Add(drive.Patience); ; time.Sleep(200 * time.Millisecond) {
		response, err := client.Get(outputs.URL)
		if err == nil {
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err == nil && drive.IsGreeting(response.StatusCode, string(body)) {
				break
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("GET %s with our certificate as the only one trusted: the last answer is %v, error %v", outputs.URL, response, err)
		}
	}
}

// selfSigned makes a certificate for host and its key, both as PEM.
func selfSigned(t *testing.T, host string) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	var certificatePEM, keyPEM bytes.Buffer
	pem.Encode(&certificatePEM, &pem.Block{Type: "CERTIFICATE", Bytes: der})
	pem.Encode(&keyPEM, &pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	return certificatePEM.Bytes(), keyPEM.Bytes()
}

// trusting returns a client that trusts one certificate, and finds every host at address.
func trusting(t *testing.T, certificate []byte, address string) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(certificate) {
		t.Fatal("the certificate is invalid")
	}
	var dialer net.Dialer
	return &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: roots},
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, address)
		},
	}}
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
