// Package signature signs statements, and verifies them, in the form of sigstore's bundles, which cosign reads too. A key stands
// for itself: there is no certificate, and no log.
package signature

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// ErrNotSigned says that nobody signed something, as words behind what that is.
var ErrNotSigned = errors.New("is not signed")

// MediaType is the bundle's.
const MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"

// Bundle is a signed statement.
type Bundle struct {
	MediaType string   `json:"mediaType"`
	Material  material `json:"verificationMaterial"`
	Envelope  envelope `json:"dsseEnvelope"`
}

type material struct {
	PublicKey hint `json:"publicKey"`
}

type hint struct {
	Hint []byte `json:"hint"` // the public key's hash
}

// envelope is DSSE's.
type envelope struct {
	PayloadType string      `json:"payloadType"`
	Payload     []byte      `json:"payload"`
	Signatures  []signature `json:"signatures"`
}

type signature struct {
	Signature []byte `json:"sig"`
}

// signed returns what the signatures of an envelope sign.
func (e envelope) signed() []byte {
	return fmt.Appendf(nil, "DSSEv1 %d %s %d %s", len(e.PayloadType), e.PayloadType, len(e.Payload), e.Payload)
}

// ParseKey reads an Ed25519 key from the PEM of its PKCS#8; nil if it is none.
func ParseKey(text string) ed25519.PrivateKey {
	parsed, _ := x509.ParsePKCS8PrivateKey(decoded(text))
	key, _ := parsed.(ed25519.PrivateKey)
	return key
}

// decoded returns the contents of a PEM's only block; nil if there are others.
func decoded(text string) []byte {
	block, rest := pem.Decode([]byte(text))
	if block == nil || len(bytes.TrimSpace(rest)) > 0 {
		return nil
	}
	return block.Bytes
}

// PublicKey returns the PEM of a key's public half; "" without a key.
func PublicKey(key ed25519.PrivateKey) string {
	if key == nil {
		return ""
	}
	return encoded(key.Public())
}

func encoded(key crypto.PublicKey) string {
	der, _ := x509.MarshalPKIXPublicKey(key) // fails for other sorts of keys
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// PublicHalf returns the PEM of the public half of a key that is given as a PEM, or as that half already; "" if it is none.
func PublicHalf(text string) string {
	if key := ParseKey(text); key != nil {
		return PublicKey(key)
	}
	if key := parsePublic(text); key != nil {
		return encoded(key)
	}
	return ""
}

// parsePublic reads the public half of an Ed25519 key from its PEM; nil if it is none.
func parsePublic(text string) ed25519.PublicKey {
	parsed, _ := x509.ParsePKIXPublicKey(decoded(text))
	key, _ := parsed.(ed25519.PublicKey)
	return key
}

// Sign signs a statement. The same statement and key make the same bundle.
func Sign(key ed25519.PrivateKey, payloadType string, payload []byte) Bundle {
	b := Bundle{MediaType: MediaType, Envelope: envelope{PayloadType: payloadType, Payload: payload}}
	hash := sha256.Sum256([]byte(PublicKey(key)))
	b.Material.PublicKey.Hint = hash[:]
	b.Envelope.Signatures = []signature{{ed25519.Sign(key, b.Envelope.signed())}}
	return b
}

// Verify verifies the bundle by the PEM of a public key. The error is words behind what was signed.
func (b Bundle) Verify(publicKey string) error {
	if len(b.Envelope.Signatures) == 0 {
		return ErrNotSigned
	}
	if key := parsePublic(publicKey); key != nil {
		for _, made := range b.Envelope.Signatures {
			if ed25519.Verify(key, b.Envelope.signed(), made.Signature) {
				return nil
			}
		}
	}
	if hash := sha256.Sum256([]byte(publicKey)); string(b.Material.PublicKey.Hint) == string(hash[:]) {
		return errors.New("was changed after it was signed")
	}
	return errors.New("is signed by another key")
}
