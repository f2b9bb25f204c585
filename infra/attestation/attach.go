// Package attestation attaches to an image what it was made of and how, in its registry, and reads that again. An attestation is
// an in-toto statement about the image's digest; with a key, it is signed. The registry keeps it as a referrer of the image.
package attestation

import (
	"context"
	"crypto/ed25519"
	"encoding/json"

	v1 "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/registry/remote"

	"example.com/hello-world/infra/attestation/signature"
)

// artifact is in-toto's resource descriptor.
type artifact struct {
	Name        string            `json:"name,omitempty"`
	Digest      map[string]string `json:"digest,omitempty"`
	Annotations map[string]any    `json:"annotations,omitempty"`
}

const (
	inToto        = "application/vnd.in-toto+json"
	predicateType = "dev.sigstore.bundle.predicateType" // the annotation of a referrer that says what it is

	// The predicate types.
	sbom       = "https://cyclonedx.org/bom"
	provenance = "https://slsa.dev/provenance/v1"
)

// Attach attaches an SBOM of the Go program in an image, and the provenance of the image, unless it has them already, signed
// with the key if that is not nil. It reports whether the image has an SBOM then: without a Go program, it has none.
func Attach(ctx context.Context, image Image, source Source, key ed25519.PrivateKey) (hasSBOM bool, err error) {
	repository, subject, err := image.open()
	if err != nil {
		return false, err
	}
	if subject, err = repository.Resolve(ctx, subject.Digest.String()); err != nil {
		return false, err
	}
	found, _, err := read(ctx, repository, subject, signature.PublicKey(key))
	if err != nil {
		return false, err
	}
	if !found.holds(provenance) {
		if err := attach(ctx, repository, subject, provenance, source.provenance(), key); err != nil {
			return false, err
		}
	}
	if found.holds(sbom) {
		return true, nil
	}
	program, err := programOf(ctx, repository, subject, source.Platform)
	if program == nil || err != nil {
		return false, err
	}
	return true, attach(ctx, repository, subject, sbom, bomOf(program), key)
}

// attach attaches an attestation. It is the same whenever it is made: nothing in it says when.
func attach(ctx context.Context, to *remote.Repository, subject v1.Descriptor, kind string, predicate any, key ed25519.PrivateKey) error {
	name := to.Reference.Registry + "/" + to.Reference.Repository
	text, err := json.Marshal(map[string]any{
		"_type": "https://in-toto.io/Statement/v1", "predicateType": kind, "predicate": predicate,
		"subject": []artifact{{Name: name, Digest: map[string]string{"sha256": subject.Digest.Encoded()}}},
	})
	mediaType := inToto
	if err == nil && key != nil {
		mediaType = signature.MediaType
		text, err = json.Marshal(signature.Sign(key, inToto, text))
	}
	if err != nil {
		return err
	}
	layer, err := oras.PushBytes(ctx, to, mediaType, text)
	if err != nil {
		return err
	}
	_, err = oras.PackManifest(ctx, to, oras.PackManifestVersion1_1, mediaType, oras.PackManifestOptions{
		Subject: &subject, Layers: []v1.Descriptor{layer},
		ManifestAnnotations: map[string]string{v1.AnnotationCreated: "1970-01-01T00:00:00Z", predicateType: kind},
	})
	return err
}
