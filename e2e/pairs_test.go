//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/pairs"
)

// testPairs previews configurations in which every two settings meet, with a stack that is up. The cluster is asked whether it
// would take all that an update would create, the Job of verify included.
func testPairs(t *testing.T) {
	image := hello.Running(t).Image
	file := "Pulumi." + hello.Name + ".yaml"
	before := hello.Read(t, file)
	for i, settings := range pairs.Configurations() {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			if settings["image"] != "" {
				hello.Pulumi(t, "config", "rm", "registry") // they exclude each other
			}
			var plain, secret []string
			for key, value := range settings {
				switch {
				case pairs.Secret(key):
					secret = append(secret, "--secret", key+"="+value)
				case strings.HasSuffix(value, pairs.Digest):
					plain = append(plain, key+"="+image)
				default:
					plain = append(plain, key+"="+value)
				}
			}
			hello.Pulumi(t, append(drive.ConfigSet(plain...), secret...)...)
			if _, err := hello.Output("pulumi", "--non-interactive", "preview"); err != nil {
				t.Errorf("%v: %v", settings, err)
			}
		})
		if err := os.WriteFile(filepath.Join(hello.Dir, file), before, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
