package attestation

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/errdef"

	"example.com/hello-world/infra/attestation/signature"
)

// texts are contents of a registry, by their digests.
type texts map[digest.Digest][]byte

func (all texts) add(text []byte) v1.Descriptor {
	of := digest.FromBytes(text)
	all[of] = text
	return v1.Descriptor{Digest: of, Size: int64(len(text))}
}

func (all texts) Fetch(_ context.Context, what v1.Descriptor) (io.ReadCloser, error) {
	if text, there := all[what.Digest]; there {
		return io.NopCloser(bytes.NewReader(text)), nil
	}
	return nil, errdef.ErrNotFound
}

// Whatever a registry says is attached to an image, nothing is taken for signed but what the key has signed for that image.
func FuzzFetch(f *testing.F) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte("k"), ed25519.SeedSize))
	subject := v1.Descriptor{Digest: digest.FromString("the image")}
	about := func(image digest.Digest) []byte {
		return []byte(`{"subject":[{"digest":{"sha256":"` + image.Encoded() + `"}}],"predicateType":"` + sbom + `","predicate":{"components":[{"name":"std"}]}}`)
	}
	statement := about(subject.Digest)
	for _, text := range [][]byte{statement, about(digest.FromString("another image"))} {
		signed, err := json.Marshal(signature.Sign(key, inToto, text))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(signature.MediaType, signed)
		f.Add(inToto, text)
	}
	for _, text := range []string{"null", "{}", "[]", `{"layers":[{"size":99999999999}]}`, `{"layers":[{"size":-1}]}`, `{"dsseEnvelope":{"payload":"bnVsbA=="}}`} {
		f.Add(signature.MediaType, []byte(text))
	}
	f.Fuzz(func(t *testing.T, artifactType string, text []byte) {
		all := texts{}
		manifest, err := json.Marshal(v1.Manifest{Layers: []v1.Descriptor{all.add(text)}})
		if err != nil {
			t.Fatal(err)
		}
		for _, manifest := range [][]byte{manifest, text} {
			referrer := all.add(manifest)
			referrer.ArtifactType = artifactType
			made, err := fetch(t.Context(), all, referrer)
			if err != nil || made.check(subject, signature.PublicKey(key)) != nil {
				continue
			}
			if !bytes.Equal(made.signed.Envelope.Payload, statement) {
				t.Errorf("%q is taken for signed", text)
			}
		}
	})
}

// A terminal shows what a registry says, and does nothing of it.
func TestPrintable(t *testing.T) {
	for words, want := range map[string]string{
		"SBOM, Go 1.26":                "SBOM, Go 1.26",
		"Go \x1b[2Jsigned\n\u202eSBOM": "Go \ufffd[2Jsigned\ufffd\ufffdSBOM",
		strings.Repeat("é", longest):   strings.Repeat("é", (longest-3)/2) + "…",
	} {
		if got := printable(words); got != want {
			t.Errorf("%q becomes %q, want %q", words, got, want)
		}
	}
}

// A registry cannot make the reader take more memory than an attestation has.
func TestSizeIsBounded(t *testing.T) {
	all := texts{}
	layer := all.add([]byte("{}"))
	layer.Size = 1 << 45
	manifest, err := json.Marshal(v1.Manifest{Layers: []v1.Descriptor{layer}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fetch(t.Context(), all, all.add(manifest)); err == nil || !strings.Contains(err.Error(), "it has 35184372088832 bytes, of at most 16777216") {
		t.Errorf("it says %v", err)
	}
}
