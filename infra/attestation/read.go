package attestation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	v1 "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote"

	"example.com/hello-world/infra/attestation/signature"
	"example.com/hello-world/infra/config"
)

// proof is what is wrong with what is attached to an image, nil if it holds, by its predicate type.
type proof map[string]error

func (p proof) holds(predicateType string) bool {
	wrong, there := p[predicateType]
	return there && wrong == nil
}

// Patience is how long whoever looks should wait for a registry.
const Patience = 2 * time.Second

// Words says what is attached to a server's image, and to those of further servers by name, if theirs is something else, within
// Patience. If the registry does not answer, it says nothing. publicKey is the PEM of the key that must have signed
// it; "" means any or none.
func Words(ctx context.Context, image string, further map[string]string, credentials config.Credentials, publicKey string) string {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	first := Image{image, credentials}.words(ctx, publicKey)
	words := first
	for _, name := range slices.Sorted(maps.Keys(further)) {
		if others := (Image{further[name], credentials}).words(ctx, publicKey); others != first && first != "" && others != "" {
			words += "; " + name + ": " + others
		}
	}
	return words
}

// Verify refuses an image unless its provenance holds, and its SBOM, if it has one, by the PEM of the key that must have signed them.
func (i Image) Verify(ctx context.Context, publicKey string) error {
	repository, subject, err := i.open()
	if err != nil {
		return err
	}
	found, _, err := read(ctx, repository, subject, publicKey)
	if err == nil && (!found.holds(provenance) || found[sbom] != nil) {
		err = errors.New(found.words(publicKey, ""))
	}
	return err
}

// words says what is attached to the image; "" if its registry does not answer.
func (i Image) words(ctx context.Context, publicKey string) string {
	repository, subject, err := i.open()
	if err != nil {
		return ""
	}
	// What is attached may outlive the image.
	if _, err = repository.Resolve(ctx, subject.Digest.String()); errors.Is(err, errdef.ErrNotFound) {
		return "its image is gone from the registry"
	}
	if err != nil {
		return ""
	}
	found, goVersion, err := read(ctx, repository, subject, publicKey)
	if err != nil {
		return printable("what is attached to the image cannot be read: " + err.Error())
	}
	return found.words(publicKey, goVersion)
}

// words says what there is, and whether it holds by the key, if there is one.
func (p proof) words(publicKey, goVersion string) string {
	var words []string
	for _, kind := range []struct{ name, predicateType string }{{"SBOM", sbom}, {"provenance", provenance}} {
		switch wrong, there := p[kind.predicateType]; {
		case !there:
			words = append(words, "no "+kind.name)
		case wrong != nil:
			words = append(words, kind.name+" "+wrong.Error())
		case publicKey != "":
			words = append(words, "signed "+kind.name)
		default:
			words = append(words, kind.name)
		}
	}
	if goVersion != "" {
		words = append(words, "Go "+goVersion)
	}
	return printable(strings.Join(words, ", "))
}

// longest is how many bytes the words about one image have at most.
const longest = 400

// printable keeps what a registry says from steering a terminal.
func printable(words string) string {
	words = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, words)
	if len(words) > longest {
		return strings.ToValidUTF8(words[:longest-len("…")], "") + "…"
	}
	return words
}

// received is an attestation from a registry.
type received struct {
	Subject       []artifact
	PredicateType string
	Predicate     struct {
		Components []struct{ Name, Version string } // of an SBOM
	}

	signed *signature.Bundle // nil if nobody signed it
}

// read reads what is attached to the subject, and the version of Go in its SBOM. Of several attestations of a type, one that holds
// is enough.
func read(ctx context.Context, from *remote.Repository, subject v1.Descriptor, publicKey string) (found proof, goVersion string, err error) {
	found = proof{}
	err = from.Referrers(ctx, subject, "", func(page []v1.Descriptor) error {
		for _, referrer := range page {
			if referrer.ArtifactType != inToto && referrer.ArtifactType != signature.MediaType {
				continue
			}
			made, err := fetch(ctx, from, referrer)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				made.PredicateType = referrer.Annotations[predicateType]
				err = fmt.Errorf("cannot be read: %w", err)
			} else {
				err = made.check(subject, publicKey)
			}
			if found.holds(made.PredicateType) {
				continue
			}
			found[made.PredicateType] = err
			for _, component := range made.Predicate.Components {
				if err == nil && component.Name == standardLibrary {
					goVersion = component.Version
				}
			}
		}
		return nil
	})
	return found, goVersion, err
}

func fetch(ctx context.Context, from content.Fetcher, referrer v1.Descriptor) (made received, err error) {
	var manifest v1.Manifest
	if err := fetchJSON(ctx, from, referrer, &manifest); err != nil {
		return made, err
	}
	if len(manifest.Layers) != 1 {
		return made, fmt.Errorf("it has %d layers instead of one", len(manifest.Layers))
	}
	if referrer.ArtifactType != signature.MediaType {
		return made, fetchJSON(ctx, from, manifest.Layers[0], &made)
	}
	made.signed = new(signature.Bundle)
	if err := fetchJSON(ctx, from, manifest.Layers[0], made.signed); err != nil {
		return made, err
	}
	return made, json.Unmarshal(made.signed.Envelope.Payload, &made)
}

// mostBytes is how long a manifest or an attestation may be. An SBOM with a thousand modules has a fifth of a megabyte.
const mostBytes = 16 << 20

func fetchJSON(ctx context.Context, from content.Fetcher, what v1.Descriptor, into any) error {
	if what.Size > mostBytes {
		return fmt.Errorf("it has %d bytes, of at most %d", what.Size, mostBytes)
	}
	text, err := content.FetchAll(ctx, from, what)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// check returns what is wrong with the attestation, as words behind what it is.
func (r received) check(subject v1.Descriptor, publicKey string) error {
	if !slices.ContainsFunc(r.Subject, func(a artifact) bool { return "sha256:"+a.Digest["sha256"] == subject.Digest.String() }) {
		return errors.New("is about another image")
	}
	if publicKey == "" {
		return nil
	}
	if r.signed == nil {
		return signature.ErrNotSigned
	}
	return r.signed.Verify(publicKey)
}
