//go:build e2e

package drive

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"testing"
	"time"
)

// SelfSigned makes a certificate for host and its key, both as PEM.
func SelfSigned(t *testing.T, host string) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(4 * time.Hour),
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
	return certificatePEM.String(), keyPEM.String()
}

// CreateTLSSecret keeps a certificate and its key in a Secret.
func (p *Project) CreateTLSSecret(t *testing.T, namespace, name, certificate, key string) {
	t.Helper()
	p.Kubectl(t, "create", "secret", "tls", name, "-n", namespace, "--cert", File(t, "tls.crt", certificate), "--key", File(t, "tls.key", key))
}

// Trusting returns a client that trusts one certificate, and finds every host at address.
func Trusting(t *testing.T, certificate, address string) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM([]byte(certificate)) {
		t.Fatal("the certificate is invalid")
	}
	client := At(address)
	client.Transport.(*http.Transport).TLSClientConfig = &tls.Config{RootCAs: roots}
	return client
}

// At returns a client that finds every host at address, on a new connection for each request.
func At(address string) *http.Client {
	var dialer net.Dialer
	return &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, address)
		},
	}}
}
