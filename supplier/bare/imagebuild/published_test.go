//go:build e2e

package imagebuild

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.com/hello-world/supplier/bare/gobuild"
	"example.com/hello-world/supplier/checksums"
	"example.com/hello-world/supplier/docker"
	"example.com/hello-world/supplier/pins"
)

// sourceOf returns a file of a module that one of supplier/modules requires.
func sourceOf(t *testing.T, module, required, file string) string {
	t.Helper()
	dir, err := gobuild.Pinned(root, module).Source(t.Context(), t.Output(), required)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const root = "../../.."

// The node image is kind's default, which is published.
func TestNodeImageIsTheDefaultOfKind(t *testing.T) {
	text := sourceOf(t, "kind", "sigs.k8s.io/kind", "pkg/apis/config/defaults/image.go")
	version, err := gobuild.Pinned(root, "kubernetes").Version("k8s.io/kubernetes")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := checksums.Read(root, checksums.Asked{Images: []string{"kindest/node"}})
	if err != nil {
		t.Fatal(err)
	}
	node := "kindest/node:" + version + "@" + sums[checksums.Key{Name: "kindest/node", Version: version}]
	if want := `const Image = "` + node + `"`; !strings.Contains(text, want) {
		t.Errorf("the node image is %s; kind has %s", node, text[strings.Index(text, "const Image"):])
	}
}

// A node is built with what its Kubernetes' kubeadm would pull.
func TestControlPlaneIsTheOneOfKubeadm(t *testing.T) {
	constants := sourceOf(t, "kubernetes", "k8s.io/kubernetes", "cmd/kubeadm/app/constants/constants.go")
	for name, pin := range map[string]struct{ module, required string }{
		"DefaultEtcdVersion": {"etcd", "go.etcd.io/etcd/server/v3"},
		"CoreDNSVersion":     {"coredns", "github.com/coredns/coredns"},
	} {
		found := regexp.MustCompile(name + ` = "v?([0-9.]+)`).FindStringSubmatch(constants)
		version, err := gobuild.Pinned(root, pin.module).Version(pin.required)
		if err != nil {
			t.Fatal(err)
		}
		if found == nil || "v"+found[1] != version {
			t.Errorf("kubeadm's %s is %q, built is %s", name, found, version)
		}
	}
	pause := regexp.MustCompile(`PauseVersion = "([0-9.]+)"`).FindStringSubmatch(constants)
	if pause == nil || pause[1] != "3.10.2" {
		t.Errorf("kubeadm's pause is %q; supplier/bare/imagebuild/pause was written after 3.10.2", pause)
	}
}

// The kubernetes plugin is compiled from the code of the version that it claims: it knows the resources of that version's
// SDK, no more and no fewer.
func TestKubernetesPluginIsOfItsSDK(t *testing.T) {
	const provider, sdk = "github.com/pulumi/pulumi-kubernetes/provider/v4", "github.com/pulumi/pulumi-kubernetes/sdk/v4"
	var schema struct {
		Resources map[string]struct {
			IsComponent, IsOverlay bool // written by hand in each language
		}
	}
	if err := json.Unmarshal([]byte(sourceOf(t, "pulumi", provider, "cmd/pulumi-resource-kubernetes/schema.json")), &schema); err != nil {
		t.Fatal(err)
	}
	dir, err := gobuild.Pinned(root, "pulumi").Source(t.Context(), t.Output(), sdk)
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	registers := regexp.MustCompile(`ctx\.RegisterResource\("(kubernetes:[^"]+)"`)
	files, err := filepath.Glob(filepath.Join(dir, "go/kubernetes/*/*/*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range registers.FindAllStringSubmatch(string(text), -1) {
			has[token[1]] = true
			if _, known := schema.Resources[token[1]]; !known {
				t.Errorf("the plugin does not know %s of the SDK", token[1])
			}
		}
	}
	for token, resource := range schema.Resources {
		if !has[token] && !resource.IsComponent && !resource.IsOverlay {
			t.Errorf("the SDK does not know %s of the plugin", token)
		}
	}
}

// The image that is built here runs any command, as the official one does: `docker run golang:1.26 go version`.
func TestGolangImageRunsWhatItIsTold(t *testing.T) {
	version, err := pins.Module{Dir: root}.GoVersion()
	if err != nil {
		t.Fatal(err)
	}
	said, err := docker.Output(t.Context(), "run", "--rm", "golang:"+version, "go", "version")
	if err != nil || !strings.HasPrefix(said, "go version go") {
		t.Errorf("it says %q, %v", said, err)
	}
}
