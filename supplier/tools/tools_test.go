package tools

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"example.com/hello-world/supplier/supply"
)

// script is a command that only says its name.
func script(name string) []byte { return []byte("#!/bin/sh\necho " + name + "\n") }

// releases stands in for every publisher: it serves each release file, with scripts for commands, and its list of checksums.
func releases(t *testing.T) *httptest.Server {
	t.Helper()
	file := func(url string) []byte {
		name := path.Base(url)
		switch {
		case strings.HasPrefix(name, "pulumi-resource-"):
			plugin := strings.Join(strings.Split(name, "-")[:3], "-")
			return archive(t, plugin)
		case strings.HasPrefix(name, "pulumi-v"):
			return archive(t, "pulumi", "pulumi-language-go")
		}
		return script(name)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch url := r.URL.Path; {
		case strings.HasSuffix(url, ".sha256sum"), strings.HasSuffix(url, ".sha256"):
			w.Write(sumLine(strings.TrimSuffix(strings.TrimSuffix(url, "sum"), ".sha256"), file))
		case strings.HasSuffix(url, "checksums.txt"):
			for _, name := range published(path.Dir(url)) {
				w.Write(sumLine(name, file))
			}
		default:
			w.Write(file(url))
		}
	}))
	t.Cleanup(server.Close)
	return server
}

// published returns the files that the list of checksums in a release's folder names.
func published(folder string) []string {
	parts := strings.Split(folder, "/") // /pulumi/pulumi-docker/releases/download/v4.10.0
	repository, version := parts[2], parts[5]
	architecture := strings.Replace(runtime.GOARCH, "amd64", "x64", 1)
	if repository == "pulumi" {
		return []string{"pulumi-" + version + "-" + runtime.GOOS + "-" + architecture + ".tar.gz"}
	}
	plugin := strings.TrimPrefix(repository, "pulumi-")
	return []string{"pulumi-resource-" + plugin + "-" + version + "-" + runtime.GOOS + "-" + runtime.GOARCH + ".tar.gz"}
}

func sumLine(url string, file func(string) []byte) []byte {
	sum := sha256.Sum256(file(url))
	return []byte(hex.EncodeToString(sum[:]) + "  " + path.Base(url) + "\n")
}

func archive(t *testing.T, commands ...string) []byte {
	t.Helper()
	var buffer bytes.Buffer
	zipped := gzip.NewWriter(&buffer)
	entries := tar.NewWriter(zipped)
	for _, command := range commands {
		text := script(command)
		if err := entries.WriteHeader(&tar.Header{Name: "pulumi/" + command, Size: int64(len(text)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		entries.Write(text)
	}
	entries.Close()
	zipped.Close()
	return buffer.Bytes()
}

// With the publishers in reach, every tool is downloaded into the bin folder, and nothing is compiled.
func TestEveryToolIsDownloadedWherePublished(t *testing.T) {
	server := releases(t)
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	list, err := Source{
		Root: root, Sites: Sites{GitHub: Site{URL: server.URL}, Kubernetes: Site{URL: server.URL}},
		Cache: supply.Cache{Dir: filepath.Join(dir, "cache")}, Recipe: noRecipe,
	}.All()
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	onPath := filepath.Join(bin, "pulumi-resource-docker") // where earlier versions put it
	if err := os.WriteFile(onPath, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	var progress bytes.Buffer
	supplier := supply.Supplier{Out: &progress, Logs: dir}
	for range 2 { // the second time they are already there
		for _, tool := range list {
			if err := supplier.Supply(t.Context(), tool.Artefact()); err != nil {
				t.Fatal(err)
			}
			if err := tool.Link(dir); err != nil {
				t.Fatal(err)
			}
		}
	}
	if strings.Contains(progress.String(), "building") {
		t.Errorf("something was built:\n%s", &progress)
	}
	if got, want := strings.Count(progress.String(), "already there"), len(list); got != want {
		t.Errorf("%d of %d tools were already there the second time:\n%s", got, want, &progress)
	}
	for _, command := range []string{
		"bin/kubectl", "bin/pulumi", "bin/pulumi-language-go",
		".pulumi-home/plugins/resource-docker-v*/pulumi-resource-docker",
		".pulumi-home/plugins/resource-kubernetes-v*/pulumi-resource-kubernetes",
	} {
		found, err := filepath.Glob(filepath.Join(dir, command))
		if err != nil || len(found) != 1 {
			t.Errorf("%s is at %q, error %v", command, found, err)
			continue
		}
		said, err := exec.Command(found[0]).Output()
		if err != nil || strings.TrimSpace(string(said)) != path.Base(command) {
			t.Errorf("%s says %q, error %v", command, said, err)
		}
	}
	if _, err := os.Lstat(onPath); !os.IsNotExist(err) {
		t.Errorf("a plugin is on the PATH, where Pulumi warns of it: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "cache", "*", "*.tar.gz")); len(left) > 0 {
		t.Errorf("archives were left behind: %q", left)
	}
}

func noRecipe(string, string) (Recipe, error) { return Recipe{}, nil }

// The plugins must have the versions of the program's SDKs: the engine asks for these.
func TestPluginsMatchTheSDKs(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	gomod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	list, err := Source{Root: root, Sites: Publishers(), Recipe: noRecipe}.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, tool := range list {
		plugin, ok := strings.CutPrefix(tool.Name, "pulumi-resource-")
		if ok && !strings.Contains(string(gomod), "github.com/pulumi/pulumi-"+plugin+"/sdk/v4 "+tool.Version+"\n") {
			t.Errorf("%s %s is not the version of its SDK in go.mod", tool.Name, tool.Version)
		}
		if url := tool.release(here).url; !strings.Contains(url, strings.TrimPrefix(tool.Version, "v")) {
			t.Errorf("%s %s would be downloaded from %s", tool.Name, tool.Version, url)
		}
	}
}
