package versions

import (
	"os"
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
