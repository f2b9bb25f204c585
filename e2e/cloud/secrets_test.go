//go:build e2e

package cloud

import (
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// testEmptyPassphrase has secrets that anyone could decrypt. They are refused, and the command in the message fixes that.
func testEmptyPassphrase(t *testing.T) {
	stack := newStack(t, "open", nil, "PULUMI_CONFIG_PASSPHRASE=")
	const command = "pulumi stack change-secrets-provider passphrase"
	refused(t, stack, tooLong, "up", "registryPassword is encrypted with the empty passphrase", "kubeconfig is encrypted", command)
	if said, err := stack.Output("bash", "-c", "printf 'better\nbetter\n' | "+command); err != nil {
		t.Fatal(said, err)
	}
	stack.With("PULUMI_CONFIG_PASSPHRASE=better").Pulumi(t, "preview")
}

// secretsAreEncrypted looks for secrets, and for the key of the kubeconfig, in all that is
// stored of a stack and in what `pulumi up` said, in plain text and as base64.
func secretsAreEncrypted(t *testing.T, stack *drive.Project, file, said string, secrets map[string]string) {
	t.Helper()
	key := regexp.MustCompile(`client-key-data: (\S+)`).FindSubmatch(stack.Read(t, filepath.Base(site.KubeconfigFile(hello))))
	if key == nil {
		t.Fatal("the kubeconfig has no key")
	}
	secrets["the client's key as the kubeconfig has it"] = string(key[1])
	decoded, err := base64.StdEncoding.DecodeString(string(key[1]))
	if err != nil {
		t.Fatal(err)
	}
	secrets["the client's key"] = strings.Split(string(decoded), "\n")[1]

	exported, err := stack.Output("pulumi", "stack", "export")
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]string{"what pulumi up says": said, "pulumi stack export": exported, file: string(stack.Read(t, file))}
	err = filepath.WalkDir(filepath.Join(stack.Dir, ".pulumi-state"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		stored[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	seen := 0 // files that contain the registry's address, which is no secret
	for where, text := range stored {
		if strings.Contains(text, registry()) {
			seen++
		}
		for what, secret := range secrets {
			for _, form := range forms(secret) {
				if strings.Contains(text, form) {
					t.Errorf("%s is in %s, as %.12s…", what, where, form)
				}
			}
		}
	}
	if seen < 3 {
		t.Errorf("only %d of %d files have the registry's address: the stack is stored elsewhere", seen, len(stored))
	}
}

// forms returns a text in plain, and what shows of it in base64, at any place in a longer text.
func forms(text string) []string {
	all := []string{text}
	for before := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + text))
		// The first characters hold bits of what comes before, the last one of what follows.
		all = append(all, encoded[(before*8+5)/6:len(encoded)-1])
	}
	return all
}
