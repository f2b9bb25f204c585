package supplier

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"example.com/hello-world/supplier/checksums"
	"example.com/hello-world/supplier/pins"
	"example.com/hello-world/supplier/supply"
	"example.com/hello-world/supplier/tools"
)

// world stands in for all publishers and registries. A file's content is its path, with what changed says behind it.
type world struct {
	changed map[string]string // by a part of the path
	lists   func(string) string
}

func (w *world) content(of string) string {
	for part, change := range w.changed {
		if strings.Contains(of, part) {
			of += change
		}
	}
	return of
}

// has are the platforms of releases, as their files' names end.
var has = []string{"linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "linux-x64", "darwin-x64"}

func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	sum := func(file string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(w.content(file)))) }
	folder, file := path.Split(r.URL.Path)
	switch {
	case strings.Contains(folder, "/manifests/"):
		out.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
		out.Header().Set("Docker-Content-Digest", "sha256:"+sum(r.Host+r.URL.Path))
	case strings.Contains(file, ".sha256"): // of a single file
		fmt.Fprint(out, w.lists(sum(folder+strings.TrimSuffix(strings.TrimSuffix(file, "sum"), ".sha256"))))
	case strings.HasSuffix(file, "checksums.txt"):
		var list string
		for _, platform := range has {
			version, name := path.Base(folder), "pulumi-"
			if plugin, _, isPlugin := strings.Cut(strings.TrimPrefix(file, "pulumi-"), "_"); isPlugin {
				name = "pulumi-resource-" + plugin + "-" + version + "-" + platform + ".tar.gz"
				list += fmt.Sprintf("%x  ./%s\n", sha1.Sum([]byte(w.content(folder+name))), name)
			} else {
				name += version + "-" + platform + ".tar.gz"
				list += sum(folder+name) + "  " + name + "\n"
			}
		}
		fmt.Fprint(out, w.lists(list))
	default:
		fmt.Fprint(out, w.content(r.URL.Path))
	}
}

// RoundTrip makes w all registries.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := httptest.NewRecorder()
	w.ServeHTTP(answer, r)
	response := answer.Result()
	response.Request, response.ContentLength = r, 1
	return response, nil
}

func newWorld() *world {
	return &world{changed: map[string]string{}, lists: func(list string) string { return list }}
}

// pins runs the command in a project with those checksums, and returns the ones that it has then.
func (w *world) pins(t *testing.T, before string, replace ...string) (after, said string, err error) {
	t.Helper()
	server := httptest.NewServer(w)
	defer server.Close()
	s, err := newSources("..")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s.Supplier = &supply.Supplier{Out: &out}
	s.tools.Sites = tools.Sites{GitHub: tools.Site{URL: server.URL}, Kubernetes: tools.Site{URL: server.URL}}
	root := t.TempDir()
	file := filepath.Join(root, checksums.File)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(before), 0o644); err != nil {
		t.Fatal(err)
	}
	if s.images.Checksums, err = checksums.Read(root, s.asked); err != nil {
		t.Fatal(err)
	}
	err = s.pin(t.Context(), root, replace, &http.Client{Transport: w})
	text, failed := os.ReadFile(file)
	if failed != nil {
		t.Fatal(failed)
	}
	return string(text), out.String(), err
}

func TestPinFillsTheChecksums(t *testing.T) {
	w := newWorld()
	const old = "kubectl v1.0.0 linux/amd64 sha256:"
	filled, said, err := w.pins(t, old+strings.Repeat("0", 64)+"\n")
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if strings.Contains(filled, old) {
		t.Errorf("a version that is not used any more is still there")
	}
	for name, lines := range map[string]int{
		"kind": 4, "kubectl": 4, "pulumi": 4, "pulumi-resource-docker": 4, "pulumi-resource-kubernetes": 4,
		"golang": 1, "kindest/node": 1, "postgres": 1, "registry": 1, "traefik": 1,
		"quay.io/metallb/controller": 1, "quay.io/metallb/speaker": 1, "registry.k8s.io/kwok/kwok": 1, "registry.k8s.io/metrics-server/metrics-server": 1,
	} {
		if found := strings.Count(filled, "\n"+name+" "); found != lines {
			t.Errorf("%s has %d lines, want %d:\n%s", name, found, lines, filled)
		}
	}
	if lines := strings.Count(filled, " sha256:"); lines != 29 {
		t.Errorf("there are %d lines", lines)
	}
	// The list of this one has SHA-1.
	s, err := newSources("..")
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.tools.All()
	if err != nil {
		t.Fatal(err)
	}
	version := list[2].Version
	archive := "/pulumi/pulumi-docker/releases/download/" + version + "/pulumi-resource-docker-" + version + "-darwin-arm64.tar.gz"
	want := fmt.Sprintf("\npulumi-resource-docker %s darwin/arm64 sha256:%x\n", version, sha256.Sum256([]byte(w.content(archive))))
	if !strings.Contains(filled, want) {
		t.Errorf("it lacks%s:\n%s", want, filled)
	}
	golang, err := pins.Module{Dir: ".."}.GoRelease()
	if err != nil {
		t.Fatal(err)
	}
	want = fmt.Sprintf("\ngolang %s sha256:%x\n", golang, sha256.Sum256([]byte("registry-1.docker.io/v2/library/golang/manifests/"+golang)))
	if !strings.Contains(filled, want) {
		t.Errorf("it lacks%s:\n%s", want, filled)
	}
	again, _, err := w.pins(t, filled)
	if err != nil || again != filled {
		t.Errorf("the second time, it is\n%s\nerror %v", again, err)
	}
}

// Whoever can change what a publisher shows does not change what is written down.
func TestPinChangesNothingByItself(t *testing.T) {
	filled, _, err := newWorld().pins(t, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change  func(w *world)
		replace string
		says    string // in the error
		lines   int    // that differ then
	}{
		"a file and its list":               {func(w *world) { w.changed["linux/arm64/kubectl"] = "!" }, "", "kubectl v", 0},
		"taken over":                        {func(w *world) { w.changed["linux/arm64/kubectl"] = "!" }, "kubectl", "", 1},
		"an archive, whose list has SHA-1":  {func(w *world) { w.changed["docker-v"] = "!" }, "", "pulumi-resource-docker v", 0},
		"all of its archives, taken over":   {func(w *world) { w.changed["resource-docker-v"] = "!" }, "pulumi-resource-docker", "", 4},
		"a tag":                             {func(w *world) { w.changed["library/golang"] = "!" }, "", "", 0},
		"a tag, taken over":                 {func(w *world) { w.changed["library/golang"] = "!" }, "golang", "", 1},
		"a list that ends early":            {func(w *world) { w.lists = func(list string) string { return list[:len(list)/2] } }, "", "checksum", 0},
		"a list that is the proxy's notice": {func(w *world) { w.lists = func(string) string { return "<html>\nlogin\n" } }, "", "checksum", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			test.change(w)
			var replace []string
			if test.replace != "" {
				replace = []string{test.replace}
			}
			after, said, err := w.pins(t, filled, replace...)
			if (err != nil) != (test.says != "") || err != nil && !strings.Contains(err.Error(), test.says) {
				t.Errorf("the error is %v, want %q", err, test.says)
			}
			var differ int
			for line := range strings.Lines(after) {
				if !strings.Contains(filled, line) {
					differ++
				}
			}
			if differ != test.lines || strings.Count(after, "\n") != strings.Count(filled, "\n") {
				t.Errorf("%d lines differ, want %d:\n%s", differ, test.lines, after)
			}
			if name == "a tag" && !strings.Contains(said, ": stays sha256:") {
				t.Errorf("it says %s", said)
			}
		})
	}
}

// A mirror may be another's.
func TestPinAsksPublishers(t *testing.T) {
	t.Setenv("IMAGE_MIRROR", "mirror.example")
	if err := Pin(t.Context(), "..", nil); err == nil || !strings.Contains(err.Error(), "IMAGE_MIRROR=mirror.example: unset it") {
		t.Errorf("the error is %v", err)
	}
}

// A name that nothing has is refused before anybody is asked.
func TestPinOfAnotherName(t *testing.T) {
	s, err := newSources("..")
	if err != nil {
		t.Fatal(err)
	}
	err = s.pin(t.Context(), "..", []string{"kubectl", "nonsense"}, nil)
	if err == nil || !strings.HasPrefix(err.Error(), "--replace nonsense: accepted are golang, kind, kindest/node, kubectl, ") {
		t.Errorf("the error is %v", err)
	}
}
