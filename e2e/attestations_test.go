//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/pairs"
)

// testAttestations signs what a new version was made of, and then tampers with it in the registry.
func testAttestations(t *testing.T) {
	unsigned := hello.Running(t).Image
	says := func(want string) {
		t.Helper()
		for _, command := range []string{"status", "history"} {
			if said, err := hello.Output("make", command); err != nil || !strings.Contains(said, want) {
				t.Errorf("make %s does not say %q: %s, error %v", command, want, said, err)
			}
		}
	}
	says("SBOM, provenance, Go 1.")

	sign := func() { hello.Pulumi(t, "config", "set-all", "--secret", "signingKey="+pairs.SigningKey()) }
	sign()
	hello.Edit(t, "app/hello.go", "Hello world", "Hello signed")
	hello.Pulumi(t, "up")
	signed := hello.Outputs(t).Image
	says("signed SBOM, signed provenance, Go 1.")

	// What is attached to one image is put where a client looks for what is attached to the other.
	of := func(image string) string {
		return "http://localhost:" + clusterSettings["REGISTRY_PORT"] + "/v2/hello-world/manifests/" + strings.Replace(drive.Digest(image), ":", "-", 1)
	}
	own, others := manifest(t, http.MethodGet, of(signed), nil), manifest(t, http.MethodGet, of(unsigned), nil)
	expectBaseImages(t, others)
	manifest(t, http.MethodPut, of(signed), others)
	says("SBOM is about another image, provenance is about another image")
	manifest(t, http.MethodPut, of(signed), own)
	says("signed SBOM, signed provenance, Go 1.")

	sign()
	hello.Pulumi(t, "up")
	says("SBOM is signed by another key, provenance is signed by another key")
}

// expectBaseImages fails the test unless the provenance that an index lists has Docker's ID of the image that builds the server.
func expectBaseImages(t *testing.T, index []byte) {
	t.Helper()
	type digests []struct{ Digest string }
	var list struct{ Manifests digests }
	get := func(what string) []byte {
		return manifest(t, http.MethodGet, "http://localhost:"+clusterSettings["REGISTRY_PORT"]+"/v2/hello-world/"+what, nil)
	}
	if err := json.Unmarshal(index, &list); err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, attached := range list.Manifests {
		var of struct{ Layers digests }
		if err := json.Unmarshal(get("manifests/"+attached.Digest), &of); err != nil || len(of.Layers) != 1 {
			t.Fatal(of, err)
		}
		all += string(get("blobs/" + of.Layers[0].Digest))
	}
	id := strings.TrimSpace(drive.Docker(t, "image", "inspect", "--format", "{{.ID}}", "golang:1.26"))
	if want := `"name":"golang:1.26","annotations":{"id":"` + id + `"}`; !strings.Contains(all, want) {
		t.Errorf("what is attached does not say %s: %s", want, all)
	}
}

// testRegistryLost loses the registry with all images. `make up` pushes the one that runs again, with what says how it was made, and
// tells that the version before is gone.
func testRegistryLost(t *testing.T) {
	hello.Running(t)
	hello.Edit(t, "app/hello.go", "Hello world", "Hello again")
	hello.Pulumi(t, "up")
	runs := hello.Outputs(t).Image
	drive.Docker(t, "rm", "--force", "--volumes", clusterSettings["REGISTRY"])
	hello.Forget()
	if _, err := hello.Output("make", "up"); err != nil {
		t.Fatal(err)
	}
	if now := hello.Outputs(t).Image; now != runs {
		t.Errorf("it runs %s, and ran %s", now, runs)
	}
	said, err := hello.Output("make", "history")
	lines := strings.Split(said, "\n")
	if err != nil || len(lines) < 3 || !strings.Contains(lines[1], "SBOM, provenance, Go 1.") || !strings.Contains(lines[2], "its image is gone from the registry") {
		t.Errorf("make history says %s, error %v", said, err)
	}
}

// manifest reads or writes an index of a registry.
func manifest(t *testing.T, method, address string, text []byte) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	const index = "application/vnd.oci.image.index.v1+json"
	request.Header.Set("Accept", index+", application/vnd.oci.image.manifest.v1+json")
	request.Header.Set("Content-Type", index)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err = io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		t.Fatalf("%s %s: %s, %s, error %v", method, address, response.Status, text, err)
	}
	return text
}
