package attestation

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"

	"example.com/hello-world/infra/attestation/signature"
	"example.com/hello-world/infra/config"
)

var source = Source{
	Dockerfile: "Dockerfile", Platform: "linux/arm64", commit: "0123", dirty: true,
	bases: []artifact{{Name: "golang:1.26", Digest: map[string]string{"sha256": "4567"}}},
}

func newKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func mustAttach(t *testing.T, image Image, key ed25519.PrivateKey) {
	t.Helper()
	if _, err := Attach(t.Context(), image, source, key); err != nil {
		t.Fatal(err)
	}
}

// says fails the test unless the words about an image are these, and Go's version if there is an SBOM that holds.
func says(t *testing.T, image Image, key ed25519.PrivateKey, want string) {
	t.Helper()
	if first, _, _ := strings.Cut(want, ", "); strings.TrimPrefix(first, "signed ") == "SBOM" {
		want += ", Go " + strings.TrimPrefix(runtime.Version(), "go")
	}
	if got := Words(t.Context(), image.Reference, nil, config.Credentials{}, signature.PublicKey(key)); got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	holds := !strings.Contains(want, " is ") && !strings.Contains(want, " was ") && !strings.Contains(want, "no provenance")
	if err := image.Verify(t.Context(), signature.PublicKey(key)); (err == nil) != holds || err != nil && !strings.HasPrefix(want, err.Error()) {
		t.Errorf("of an image with %q, it says %v", want, err)
	}
}

// An image has an SBOM and its provenance, once, however often they are attached, in a registry of either sort. They are the same
// wherever the image is.
func TestAttach(t *testing.T) {
	for _, key := range []ed25519.PrivateKey{nil, newKey(t)} {
		for _, api := range []bool{false, true} {
			there := newRegistry(t)
			there.api = api
			image := there.server(t, "")
			says(t, image, key, "no SBOM, no provenance")
			mustAttach(t, image, key)
			want := "SBOM, provenance"
			if key != nil {
				want = "signed SBOM, signed provenance"
			}
			says(t, image, key, want)
			before := there.sum()
			mustAttach(t, image, key)
			if there.sum() != before {
				t.Errorf("key %v, API %v: what is attached twice is there twice", key != nil, api)
			}
			_, id, _ := strings.Cut(image.Reference, "@")
			if all := there.referrers(id); len(all) != 2 {
				t.Errorf("key %v, API %v: %d attestations, want 2", key != nil, api, len(all))
			}
		}
	}
}

func TestAttestationsAreReproducible(t *testing.T) {
	for _, key := range []ed25519.PrivateKey{nil, newKey(t)} {
		var before string
		for range 2 {
			there := newRegistry(t)
			host := there.host
			there.host = "registry.example"
			image := there.server(t, "")
			image.Reference = strings.Replace(image.Reference, "registry.example", host, 1)
			mustAttach(t, image, key)
			all := strings.ReplaceAll(string(there.payload(t, sbom).Predicate)+string(there.payload(t, provenance).Predicate), host, "")
			if before != "" && before != all {
				t.Errorf("it was\n%s\nand is\n%s", before, all)
			}
			before = all
		}
		if key == nil {
			continue
		}
		if one, other := asJSON(t, signature.Sign(key, inToto, []byte("it"))), asJSON(t, signature.Sign(key, inToto, []byte("it"))); one != other {
			t.Errorf("it signs %s, and then %s", one, other)
		}
	}
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// attestations calls each with the attestations of a kind.
func (r *registry) attestations(t *testing.T, kind string, each func(id string, manifest v1.Manifest)) {
	t.Helper()
	for id, text := range r.kept {
		var manifest v1.Manifest
		if strings.Contains(id, ":") && r.types[id] == v1.MediaTypeImageManifest && json.Unmarshal(text, &manifest) == nil &&
			manifest.Annotations[predicateType] == kind {
			each(id, manifest)
		}
	}
}

// payload is what an attestation says.
type payload struct {
	Subject   []artifact
	Predicate json.RawMessage
}

// payload returns the only attestation of a kind.
func (r *registry) payload(t *testing.T, kind string) (made payload) {
	t.Helper()
	r.attestations(t, kind, func(_ string, manifest v1.Manifest) {
		text := r.kept[manifest.Layers[0].Digest.String()]
		if manifest.ArtifactType == signature.MediaType {
			var signed signature.Bundle
			if err := json.Unmarshal(text, &signed); err != nil {
				t.Fatal(err)
			}
			text = signed.Envelope.Payload
		}
		if err := json.Unmarshal(text, &made); err != nil {
			t.Fatal(err)
		}
	})
	return made
}

func TestContents(t *testing.T) {
	there := newRegistry(t)
	image := there.server(t, "")
	mustAttach(t, image, nil)
	for kind, words := range map[string][]string{
		sbom: {
			`"bomFormat":"CycloneDX"`, `"purl":"pkg:golang/std@` + strings.TrimPrefix(runtime.Version(), "go") + `"`,
			`"name":"example.com/hello-world"`,
		},
		provenance: {
			`{"name":"source","digest":{"gitCommit":"0123"},"annotations":{"dirty":true}},{"name":"golang:1.26","digest":{"sha256":"4567"}}`,
			`"builder":{"id":"https://`, `"dockerfile":"Dockerfile"`, `"platform":"linux/arm64"`,
		},
	} {
		made := there.payload(t, kind)
		for _, word := range words {
			if !strings.Contains(string(made.Predicate), word) {
				t.Errorf("the %s lacks %s: %.900s", kind, word, made.Predicate)
			}
		}
		_, id, _ := strings.Cut(image.Reference, "@sha256:")
		if len(made.Subject) != 1 || made.Subject[0].Digest["sha256"] != id {
			t.Errorf("the %s is about %v", kind, made.Subject)
		}
	}
}

// A module that another one takes the place of is not in the program.
func TestModules(t *testing.T) {
	bom := bomOf(&debug.BuildInfo{GoVersion: "go1.26.6", Main: debug.Module{Path: "example.com/shop", Version: "(devel)"}, Deps: []*debug.Module{
		{Path: "github.com/docker/docker", Version: "v28.0.0+incompatible"},
		{Path: "example.com/old", Version: "v1.0.0", Replace: &debug.Module{Path: "example.com/new", Version: "v2.0.0"}},
		{Path: "example.com/here", Version: "v0.0.0", Replace: &debug.Module{Path: "../here"}},
	}})
	got := []string{bom.Metadata.Component.PackageURL}
	for _, module := range *bom.Components {
		got = append(got, module.PackageURL)
	}
	want := []string{
		"pkg:golang/example.com/shop", "pkg:golang/std@1.26.6", "pkg:golang/github.com/docker/docker@v28.0.0%2Bincompatible",
		"pkg:golang/example.com/new@v2.0.0", "pkg:golang/example.com/here@v0.0.0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("it has %q, want %q", got, want)
	}
}

// What is not what the key signed for this image is told as what it is.
func TestTampering(t *testing.T) {
	key := newKey(t)
	for _, test := range []struct {
		name, want string
		tamper     func(r *registry, image, other Image)
	}{
		{"nothing", "signed SBOM, signed provenance", func(*registry, Image, Image) {}},
		{"moved from another image", "SBOM is about another image, provenance is about another image", func(r *registry, image, other Image) {
			r.replace(t, func(manifest *v1.Manifest) {
				_, id, _ := strings.Cut(image.Reference, "@")
				manifest.Subject.Digest = digest.Digest(id)
			})
		}},
		{"a changed SBOM", "SBOM was changed after it was signed, signed provenance", func(r *registry, image, other Image) {
			r.replace(t, func(manifest *v1.Manifest) {
				if manifest.Annotations[predicateType] == sbom {
					var signed signature.Bundle
					json.Unmarshal(r.kept[manifest.Layers[0].Digest.String()], &signed)
					signed.Envelope.Payload = []byte(strings.Replace(string(signed.Envelope.Payload), `"version":"`, `"version":"0`, 1))
					manifest.Layers[0] = r.put("", signature.MediaType, []byte(asJSON(t, signed)))
				}
			})
		}},
		{"a signature taken away", "SBOM is not signed, signed provenance", func(r *registry, image, other Image) {
			r.replace(t, func(manifest *v1.Manifest) {
				if manifest.Annotations[predicateType] == sbom {
					var signed signature.Bundle
					json.Unmarshal(r.kept[manifest.Layers[0].Digest.String()], &signed)
					signed.Envelope.Signatures = nil
					manifest.Layers[0] = r.put("", signature.MediaType, []byte(asJSON(t, signed)))
				}
			})
		}},
		{"a changed blob", "SBOM cannot be read: ", func(r *registry, image, other Image) {
			r.attestations(t, sbom, func(_ string, manifest v1.Manifest) {
				r.kept[manifest.Layers[0].Digest.String()][0] = ' '
			})
		}},
	} {
		r := newRegistry(t)
		r.api = true
		image, other := r.server(t, ""), r.server(t, "other")
		attested := image
		if test.name == "moved from another image" {
			attested = other
		}
		mustAttach(t, attested, key)
		test.tamper(r, image, other)
		if strings.HasSuffix(test.want, ": ") {
			if got := Words(t.Context(), image.Reference, nil, config.Credentials{}, signature.PublicKey(key)); !strings.HasPrefix(got, test.want) {
				t.Errorf("%s: it says %q, want %s…", test.name, got, test.want)
			}
			continue
		}
		says(t, image, key, test.want)
	}
	other := newKey(t)
	r := newRegistry(t)
	image := r.server(t, "")
	mustAttach(t, image, key)
	says(t, image, other, "SBOM is signed by another key, provenance is signed by another key")
	says(t, image, nil, "SBOM, provenance")
	// One that holds is enough.
	mustAttach(t, image, other)
	says(t, image, other, "signed SBOM, signed provenance")
	says(t, image, key, "signed SBOM, signed provenance")

	unsigned := newRegistry(t)
	image = unsigned.server(t, "")
	mustAttach(t, image, nil)
	says(t, image, key, "SBOM is not signed, provenance is not signed")
}

// replace puts changed manifests in the place of all attestations.
func (r *registry) replace(t *testing.T, change func(*v1.Manifest)) {
	t.Helper()
	for _, kind := range []string{sbom, provenance} {
		old := map[string]v1.Manifest{}
		r.attestations(t, kind, func(id string, manifest v1.Manifest) { old[id] = manifest })
		for id, manifest := range old {
			delete(r.kept, id)
			change(&manifest)
			r.put("", v1.MediaTypeImageManifest, []byte(asJSON(t, manifest)))
		}
	}
}

// Who has the public half alone can check, and not sign.
func TestPublicHalf(t *testing.T) {
	key := newKey(t)
	public := signature.PublicKey(key)
	if der, err := x509.MarshalPKCS8PrivateKey(key); err != nil || signature.PublicHalf(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))) != public {
		t.Errorf("the key has another public half, or error %v", err)
	}
	if got := signature.PublicHalf(strings.TrimSpace(public)); got != public {
		t.Errorf("the public half is %q, want %q", got, public)
	}
	if signature.ParseKey(public) != nil || signature.PublicHalf("nonsense") != "" || signature.PublicHalf(public+public) != "" {
		t.Error("it takes something else for a key")
	}
}

// Without a Go program there is the provenance alone.
func TestNoGoProgram(t *testing.T) {
	r := newRegistry(t)
	image := r.push(t, []string{"/bin/sh", "-c", "/server --port 1"}, [2]string{"server", "#!/bin/sh"})
	if hasSBOM, err := Attach(t.Context(), image, source, nil); err != nil || hasSBOM {
		t.Errorf("it has an SBOM: %v, error %v", hasSBOM, err)
	}
	says(t, image, nil, "no SBOM, provenance")
}

// A shell may start the program.
func TestProgramOfAShell(t *testing.T) {
	r := newRegistry(t)
	image := r.push(t, []string{"/bin/sh", "-c", "exec /app/server --port 1"}, [2]string{"app/server", goProgram(t)})
	mustAttach(t, image, nil)
	says(t, image, nil, "SBOM, provenance")
}

func TestRegistryThatKeepsOnlyImages(t *testing.T) {
	r := newRegistry(t)
	r.only = true
	if _, err := Attach(t.Context(), r.server(t, ""), source, nil); err == nil || !strings.Contains(err.Error(), "images only") {
		t.Errorf("it says %v", err)
	}
}

// Further servers' images are told where they differ.
func TestWordsOfFurtherImages(t *testing.T) {
	r := newRegistry(t)
	server, same, other := r.server(t, ""), r.server(t, "same"), r.server(t, "other")
	mustAttach(t, server, nil)
	mustAttach(t, same, nil)
	got := Words(t.Context(), server.Reference, map[string]string{"same": same.Reference, "prices": other.Reference}, config.Credentials{}, "")
	if want := ", Go " + strings.TrimPrefix(runtime.Version(), "go") + "; prices: no SBOM, no provenance"; got != "SBOM, provenance"+want {
		t.Errorf("it says %q", got)
	}
}

// Of an image that was collected, nobody can know what was attached, and it matters no more what was.
func TestImageThatIsGone(t *testing.T) {
	r := newRegistry(t)
	image := r.server(t, "")
	mustAttach(t, image, nil)
	_, id, _ := strings.Cut(image.Reference, "@")
	delete(r.kept, id)
	if got := Words(t.Context(), image.Reference, nil, config.Credentials{}, ""); got != "its image is gone from the registry" {
		t.Errorf("it says %q", got)
	}
	for _, api := range []bool{false, true} {
		r.api = api
		if got := Words(t.Context(), r.host+"/hello-world@sha256:"+strings.Repeat("0", 64), nil, config.Credentials{}, ""); got != "its image is gone from the registry" {
			t.Errorf("with API %v, it says %q", api, got)
		}
	}
}

// A registry that has the image, and does not say in time what is attached, is told apart from one that does not answer.
func TestWhatIsAttachedComesLate(t *testing.T) {
	r := newRegistry(t)
	image := r.server(t, "")
	end := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if strings.Contains(request.URL.Path, "/referrers/") || strings.Contains(request.URL.Path, "/sha256-") {
			<-end
			return
		}
		r.ServeHTTP(w, request)
	}))
	defer server.Close()
	defer close(end)
	image.Reference = strings.Replace(image.Reference, r.host, strings.TrimPrefix(server.URL, "http://"), 1)
	if got := Words(t.Context(), image.Reference, nil, config.Credentials{}, ""); !strings.HasPrefix(got, "what is attached to the image cannot be read: ") {
		t.Errorf("it says %q", got)
	}
}

// A registry that does not answer takes two seconds, and nothing is said.
func TestRegistryThatDoesNotAnswer(t *testing.T) {
	end := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-end }))
	defer server.Close()
	defer close(end)
	began := time.Now()
	got := Words(t.Context(), strings.TrimPrefix(server.URL, "http://")+"/hello-world@sha256:"+strings.Repeat("0", 64), nil, config.Credentials{}, "")
	if took := time.Since(began); got != "" || took > 3*time.Second {
		t.Errorf("it says %q after %v", got, took)
	}
}
