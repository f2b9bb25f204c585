//go:build e2e

package drive

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// SupplyDashboard returns the shell command that copies Headlamp's image into a registry. If the image cannot be pulled,
// e2e/standin replaces it.
func (p *Project) SupplyDashboard(t *testing.T, registry string) (command string) {
	t.Helper()
	source := string(p.Read(t, "infra/headlamp/headlamp.go"))
	found := regexp.MustCompile(`const Image = "(ghcr\.io/(.*))"`).FindStringSubmatch(source)
	if found == nil {
		t.Fatal("infra/headlamp names no image of ghcr.io")
	}
	image, copied := found[1], registry+"/"+found[2]

	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "docker", "pull", image).CombinedOutput(); err == nil {
		t.Logf("THE REAL %s IS TESTED", image)
	} else {
		t.Logf("A STAND-IN IS TESTED, NOT THE REAL %s, WHICH CANNOT BE PULLED: %s", image, out)
		image = "hello-world-headlamp-stand-in:test"
		p.standIn(t, image)
	}
	return fmt.Sprintf("docker tag %[1]s %[2]s && docker push --quiet %[2]s && docker rmi %[2]s\n", image, copied)
}

// standIn makes an image of e2e/standin alone.
func (p *Project) standIn(t *testing.T, image string) {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "standin")
	build := p.With("CGO_ENABLED=0").Command(t.Context(), "go", "build", "-C", "e2e", "-o", binary, "./standin")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	pack := exec.Command("bash", "-euo", "pipefail", "-c",
		`tar -c -C "$(dirname "$0")" standin | docker import --change 'ENTRYPOINT ["/standin"]' - "$1"`, binary, image)
	if out, err := pack.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}
