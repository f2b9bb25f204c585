package versions

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"example.com/hello-world/ship/checkout"
)

// The version goes into the stack's file as it was, with its secrets encrypted, and nothing else changes there.
func TestHold(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	const before = `# The passphrase.
encryptionsalt: v1:salt
config:
  # The key.
  hello-world:replicas: "3"
  hello-world:env:
    A: now
`
	for file, text := range map[string]string{"Pulumi.yaml": "name: hello-world\nruntime: go\n", "Pulumi.dev.yaml": before} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, err := checkout.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	updates := updatesOf(t, entry{image: 1, config: `{"hello-world:env":{"A":"then"},"hello-world:port":"8080","hello-world:secretEnv":{"B":{"secure":"v1:encrypted"}}}`})
	if err := hold(c, updates[0], "dev"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("Pulumi.dev.yaml")
	want := before + `  hello-world:hold:
    env:
      A: then
    image: ` + image(1) + `
    port: "8080"
    secretEnv:
      B:
        secure: v1:encrypted
`
	if err != nil || string(text) != want {
		t.Errorf("the file is, error %v:\n%s\nwant:\n%s", err, text, want)
	}

	// With another passphrase, nothing could decrypt them.
	if err := os.WriteFile("Pulumi.dev.yaml", []byte("encryptionsalt: v1:another\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := hold(c, updates[0], "dev"); err == nil || !strings.Contains(err.Error(), "pulumi config set hold "+image(1)) {
		t.Errorf("secrets of another passphrase are held: %v", err)
	}
}

// Images of further servers make another version, are held with it, and stay in the registry.
func TestFurtherImages(t *testing.T) {
	of := func(further map[string]string) version {
		v, err := versionOf(image(1), further, nil)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	alone, before, after := of(nil), of(map[string]string{"prices": image(2)}), of(map[string]string{"prices": image(3)})
	if alone.ID == before.ID || before.ID == after.ID || alone.ID != alone.digest() {
		t.Errorf("the versions are %s, %s and %s", alone.ID, before.ID, after.ID)
	}
	if changed := after.changed(before); !slices.Equal(changed, []string{"image of prices"}) {
		t.Errorf("it says that %q changed", changed)
	}
	if changed := alone.changed(after); !slices.Equal(changed, []string{"image of prices"}) {
		t.Errorf("when it goes, it says that %q changed", changed)
	}
	held, err := after.held()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(held)
	if want := `{"image":"` + image(1) + `","images":{"prices":"` + image(3) + `"}}`; err != nil || string(text) != want {
		t.Errorf("it holds %s, error %v, want %s", text, err, want)
	}
	const further = "localhost:5001/hello-world/prices@sha256:"
	digest := strings.Repeat("4", 64)
	if found := digests(further + digest + " " + image(5)); !slices.Equal(found, []string{"sha256:" + digest, "sha256:" + strings.Repeat("5", 64)}) {
		t.Errorf("it keeps %s", found)
	}
}

// A version of before livenessPath went into healthPath has the path there, and so it can be held.
func TestTwoHealthPaths(t *testing.T) {
	of := func(config string) version { return updatesOf(t, entry{image: 1, config: config})[0].version }
	before, now := of(`{"hello-world:healthPath":"/ready","hello-world:livenessPath":"/live"}`), of(`{"hello-world:healthPath":"/ready /live"}`)
	if before.ID != now.ID || before.text("healthPath") != `"/ready /live"` {
		t.Errorf("it had the healthPath %s", before.text("healthPath"))
	}
}
