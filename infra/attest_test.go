package main

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/declared"
	"example.com/hello-world/infra/preflight"
)

func newSigningKey(t *testing.T) string {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// With a signing key, it is an error that something cannot be attested. Without, that is a warning, once. What was not built here is let
// alone.
func TestRegistryThatRefusesAttestations(t *testing.T) {
	for _, test := range []struct {
		key   string
		built bool
		asks  bool
		says  string
	}{
		{"", true, true, ""},
		{newSigningKey(t), true, true, "what says how "},
		{newSigningKey(t), false, false, ""},
	} {
		asked := false
		registry := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked = true
			w.WriteHeader(http.StatusForbidden)
		}))
		host := strings.TrimPrefix(registry.URL, "http://")
		_, err := declared.By(func(ctx *pulumi.Context) error {
			s := &stack{ctx: ctx, Cleared: &preflight.Cleared{Config: config.Config{SigningKey: config.Secret(test.key), Platform: "linux/amd64"}}}
			if test.built {
				s.builds.Store(host+"/hello-world", "Dockerfile")
			}
			reference := host + "/hello-world@" + declared.Digest
			if err := s.attest(reference); err != nil {
				return err
			}
			if asks := test.asks; asks != asked {
				t.Errorf("with key %v, built %v: the registry was asked: %v", test.key != "", test.built, asked)
			}
			asked = false
			return s.attest(reference) // the next Deployment with this image asks nobody
		})
		registry.Close()
		if (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("with key %v, built %v: it says %v, want %q", test.key != "", test.built, err, test.says)
		}
		if err != nil && strings.Contains(err.Error(), "PRIVATE KEY") {
			t.Errorf("it shows the key: %v", err)
		}
		if asked != (err != nil) {
			t.Errorf("with key %v, built %v: the registry was asked again: %v", test.key != "", test.built, asked)
		}
	}
}
