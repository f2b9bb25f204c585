//go:build e2e

package cloud

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// A pipeline builds once and passes the digest from stack to stack. The later steps have neither Docker nor the plugin that
// builds, and find the cluster by a context of the kubeconfig file.
func testPromotion(t *testing.T) {
	dev := newStack(t, "dev-build", nil)
	dev.Pulumi(t, "up")
	built := dev.Outputs(t).Image

	prod := newStack(t, "prod", config{
		"image":    built,
		"registry": nil, "platform": nil, "kubeconfig": nil,
		"context": "kind-" + site.Settings["CLUSTER"],
	}, "PATH="+pathWithoutDocker(t), "PULUMI_HOME="+homeWithoutDocker(t), "KUBECONFIG="+site.KubeconfigFile(hello))
	if out, err := prod.Output("bash", "-c", "command -v docker pulumi-resource-docker || ls $PULUMI_HOME/plugins/resource-docker*"); err == nil {
		t.Fatalf("there is %s", out)
	}
	prod.Pulumi(t, "up")

	outputs := prod.Outputs(t)
	if outputs.Image != built {
		t.Errorf("the image output of prod is %q, want %q", outputs.Image, built)
	}
	running := hello.Kubectl(t, "get", "pods", "-n", outputs.Namespace, "-o", "jsonpath={.items[*].spec.containers[*].image}")
	if slices.ContainsFunc(running, func(image string) bool { return image != built }) || len(running) == 0 {
		t.Errorf("the Pods of prod run %q, want %q", running, built)
	}
	drive.Eventually(t, outputs.URL, drive.IsGreeting)
}

// pathWithoutDocker returns a PATH with all that it takes to deploy an image.
func pathWithoutDocker(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	for _, tool := range []string{"pulumi", "pulumi-language-go"} {
		if err := os.Symlink(filepath.Join(hello.Dir, "bin", tool), filepath.Join(bin, tool)); err != nil {
			t.Fatal(err)
		}
	}
	for _, tool := range []string{"bash", "go", "dirname", "find", "sort", "xargs", "cksum", "mkdir", "mktemp", "mv", "rm"} { // for infra/compile.sh
		found, err := exec.LookPath(tool)
		if err != nil {
			continue
		}
		if err := os.Symlink(found, filepath.Join(bin, tool)); err != nil {
			t.Fatal(err)
		}
	}
	return bin
}

// homeWithoutDocker returns a home for Pulumi with only the plugin that deploys an image.
func homeWithoutDocker(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	found, err := filepath.Glob(filepath.Join(hello.Dir, ".pulumi-home/plugins/resource-kubernetes-v*.*.*[0-9]")) // not the file beside it that says when it was last used
	if err != nil || len(found) != 1 {
		t.Fatalf("the plugin is at %q, error %v", found, err)
	}
	if err := os.CopyFS(filepath.Join(home, "plugins", filepath.Base(found[0])), os.DirFS(found[0])); err != nil {
		t.Fatal(err)
	}
	return home
}
