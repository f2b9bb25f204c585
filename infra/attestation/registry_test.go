package attestation

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"sync"
	"testing"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	v1 "github.com/opencontainers/image-spec/specs-go/v1"
)

// registry keeps blobs, and manifests by digest and by tag, of one repository.
type registry struct {
	host string

	mu    sync.Mutex
	kept  map[string][]byte
	types map[string]string // of manifests
	api   bool              // whether it answers who refers to an image
	only  bool              // whether it keeps nothing but images
}

func newRegistry(t *testing.T) *registry {
	t.Helper()
	r := &registry{kept: map[string][]byte{}, types: map[string]string{}}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.host = strings.TrimPrefix(server.URL, "http://")
	return r
}

func (r *registry) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, _ := io.ReadAll(request.Body)
	name := path.Base(request.URL.Path)
	switch {
	case request.Method == http.MethodPost:
		w.Header().Set("Location", "/v2/hello-world/blobs/uploads/1")
		w.WriteHeader(http.StatusAccepted)
	case request.Method == http.MethodPut && r.only && bytes.Contains(body, []byte("artifactType")):
		http.Error(w, `{"errors":[{"code":"MANIFEST_INVALID","message":"images only"}]}`, http.StatusBadRequest)
	case request.Method == http.MethodPut && strings.Contains(request.URL.Path, "/blobs/"):
		r.kept[request.URL.Query().Get("digest")] = body
		w.WriteHeader(http.StatusCreated)
	case request.Method == http.MethodPut:
		r.put(name, request.Header.Get("Content-Type"), body)
		if r.api && bytes.Contains(body, []byte(`"subject"`)) {
			w.Header().Set("OCI-Subject", "yes")
		}
		w.WriteHeader(http.StatusCreated)
	case strings.Contains(request.URL.Path, "/referrers/") && r.api:
		w.Header().Set("Content-Type", v1.MediaTypeImageIndex)
		json.NewEncoder(w).Encode(v1.Index{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: v1.MediaTypeImageIndex, Manifests: r.referrers(name)})
	case r.kept[name] == nil:
		http.NotFound(w, request)
	default:
		w.Header().Set("Content-Type", r.types[name])
		w.Header().Set("Docker-Content-Digest", digest.FromBytes(r.kept[name]).String())
		w.Header().Set("Content-Length", fmt.Sprint(len(r.kept[name])))
		w.Write(r.kept[name])
	}
}

func (r *registry) put(name, mediaType string, text []byte) v1.Descriptor {
	made := digest.FromBytes(text)
	for _, name := range []string{name, made.String()} {
		r.kept[name], r.types[name] = text, mediaType
	}
	return v1.Descriptor{MediaType: mediaType, Digest: made, Size: int64(len(text))}
}

// referrers returns what refers to an image.
func (r *registry) referrers(image string) (all []v1.Descriptor) {
	for name, text := range r.kept {
		var manifest v1.Manifest
		if r.types[name] != v1.MediaTypeImageManifest || !strings.Contains(name, ":") || json.Unmarshal(text, &manifest) != nil ||
			manifest.Subject == nil || manifest.Subject.Digest.String() != image {
			continue
		}
		all = append(all, v1.Descriptor{
			MediaType: v1.MediaTypeImageManifest, Digest: digest.FromBytes(text), Size: int64(len(text)),
			ArtifactType: manifest.ArtifactType, Annotations: manifest.Annotations,
		})
	}
	return all
}

// push pushes an image whose layers each have a file, and returns it.
func (r *registry) push(t *testing.T, entrypoint []string, files ...[2]string) Image {
	t.Helper()
	manifest := v1.Manifest{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: v1.MediaTypeImageManifest}
	for _, file := range files {
		manifest.Layers = append(manifest.Layers, r.put("", v1.MediaTypeImageLayerGzip, layerOf(file[0], file[1])))
	}
	image := v1.Image{Platform: v1.Platform{OS: "linux", Architecture: "arm64"}, Config: v1.ImageConfig{Entrypoint: entrypoint}}
	text, err := json.Marshal(image)
	if err != nil {
		t.Fatal(err)
	}
	manifest.Config = r.put("", v1.MediaTypeImageConfig, text)
	if text, err = json.Marshal(manifest); err != nil {
		t.Fatal(err)
	}
	return Image{Reference: r.host + "/hello-world@" + r.put("", v1.MediaTypeImageManifest, text).Digest.String()}
}

var layers = map[string][]byte{} // by all that is in them

// layerOf returns a layer with a file.
func layerOf(name, text string) []byte {
	if layers[name+text] != nil {
		return layers[name+text]
	}
	var layer bytes.Buffer
	packed, _ := gzip.NewWriterLevel(&layer, gzip.BestSpeed)
	archive := tar.NewWriter(packed)
	archive.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o755})
	archive.Write([]byte(text))
	archive.Close()
	packed.Close()
	layers[name+text] = layer.Bytes()
	return layer.Bytes()
}

// goProgram is a program that Go has compiled: this test.
func goProgram(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// server is an image that runs a Go program.
func (r *registry) server(t *testing.T, further string) Image {
	t.Helper()
	return r.push(t, []string{"/sbin/init", "/hello-world"}, [2]string{"sbin/init", "#!/bin/sh"}, [2]string{"hello-world", goProgram(t)}, [2]string{"etc/further", further})
}

// sum tells what the registry keeps apart.
func (r *registry) sum() string {
	text, _ := json.Marshal(r.kept) // in the order of their names
	return fmt.Sprintf("%x", sha256.Sum256(text))
}
