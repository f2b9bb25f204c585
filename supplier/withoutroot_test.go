//go:build e2e

package supplier

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// user may use Docker, and nothing else. No user of that number need exist.
const user = 54321

// A user without root gets everything from the publishers, for which a server stands in.
func TestWithoutRoot(t *testing.T) {
	l := newLaptop(t)
	said, err := l.supply()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	for _, tool := range []string{"kubectl", "pulumi", "pulumi-resource-docker", "pulumi-resource-kubernetes"} {
		if !strings.Contains(said, "  "+tool+" v") || strings.Contains(said, "building") {
			t.Errorf("%s was not downloaded: %s", tool, said)
		}
	}
	for _, tool := range []string{"bin/kubectl", "bin/pulumi", "bin/pulumi-language-go"} {
		if out, err := l.command(filepath.Join(l.checkout, tool), "--help").CombinedOutput(); err != nil && !bytes.Contains(out, []byte("sage")) {
			t.Errorf("%s does not run: %v: %s", tool, err, out)
		}
	}
}

// The supplier reports what can neither be downloaded nor built before it builds anything.
func TestWithoutRootAndWithoutImages(t *testing.T) {
	l := newLaptop(t)
	socket := filepath.Join(l.home, "docker.sock")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if err := os.Chmod(socket, 0o777); err != nil {
		t.Fatal(err)
	}
	go http.Serve(listener, http.HandlerFunc(engineWithoutImages))
	l.env = append(l.env, "DOCKER_HOST=unix://"+socket, "GITHUB_MIRROR=", "KUBERNETES_MIRROR=")
	said, err := l.supply()
	if err == nil || !strings.Contains(said, "error: golang:") || !strings.Contains(said, "only root on Debian can build it. Connect to the Internet, set IMAGE_MIRROR") {
		t.Errorf("it ends with %v: %s", err, said)
	}
	if strings.Contains(said, "building") {
		t.Errorf("something was built first: %s", said)
	}
}

// engineWithoutImages stands in for a Docker Engine that has none, and reaches no registry.
func engineWithoutImages(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch path.Base(r.URL.Path) {
	case "_ping", "version":
		w.Header().Set("Api-Version", "1.41")
		io.WriteString(w, `{"Version":"28.0","ApiVersion":"1.41"}`)
	case "create":
		w.WriteHeader(http.StatusInternalServerError)
		io.WriteString(w, `{"message":"Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host"}`)
	default:
		http.NotFound(w, r)
	}
}

// laptop is a checkout, and its user's environment.
type laptop struct {
	home, checkout, ship string
	env                  []string
	docker               uint32 // the group that may use it
}

func newLaptop(t *testing.T) *laptop {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("NOT TESTED: ONLY ROOT CAN BECOME ANOTHER USER")
	}
	home, err := os.MkdirTemp("", "hello-laptop-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("bash", "-c", `chmod -R u+w "$0" && rm -r "$0"`, home).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	publisher := httptest.NewServer(published(t))
	t.Cleanup(publisher.Close)
	l := &laptop{
		home: home, checkout: filepath.Join(home, "checkout"), ship: filepath.Join(home, "ship"),
		env: []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "GITHUB_MIRROR=" + publisher.URL, "KUBERNETES_MIRROR=" + publisher.URL},
	}
	// Without the publishers' checksums, as the stand-in has releases of its own.
	const prepare = `mkdir "$1" && git -C .. ls-files -z --cached --others --exclude-standard | (cd .. && xargs -0 ls -d 2>/dev/null) |
		tar -C .. -cf - -T - | tar -C "$1" -xf - && : >"$1/supplier/checksums.txt" && go build -C ../ship -buildvcs=false -o "$2" . && mkdir "$1/bin" && cp ../bin/infra-* "$1/bin" &&
		chown -R "$3:$3" "$0"`
	if out, err := exec.Command("bash", "-euc", prepare, home, l.checkout, l.ship, fmt.Sprint(user)).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var socket syscall.Stat_t
	if err := syscall.Stat("/var/run/docker.sock", &socket); err != nil {
		t.Fatal(err)
	}
	l.docker = socket.Gid
	return l
}

// supply does what `make tools` does.
func (l *laptop) supply() (said string, err error) {
	cmd := l.command(l.ship, "tools")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (l *laptop) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = l.checkout, l.env
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: user, Gid: user, Groups: []uint32{l.docker}}}
	return cmd
}

// published serves releases of this checkout's tools, under their publishers' paths.
func published(t *testing.T) http.Handler {
	t.Helper()
	link := func(pattern string) string {
		found, err := filepath.Glob(filepath.Join("..", pattern))
		if err != nil || len(found) != 1 {
			t.Fatalf("%s is at %q, error %v", pattern, found, err)
		}
		return found[0]
	}
	version := func(tool string) string { // from the name of its folder in the cache
		target, err := os.Readlink(tool)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(filepath.Base(filepath.Dir(target)), "-")
		return parts[len(parts)-2]
	}
	files := map[string][]byte{}
	publish := func(url, sums string, contents []byte) {
		files[url] = contents
		files[sums] = fmt.Appendf(nil, "%x  %s\n", sha256.Sum256(contents), path.Base(url))
	}
	kubectl, pulumi := link("bin/kubectl"), link("bin/pulumi")
	url := "/release/" + version(kubectl) + "/bin/" + runtime.GOOS + "/" + runtime.GOARCH + "/kubectl"
	publish(url, url+".sha256", contents(t, kubectl))
	v := version(pulumi)
	folder := "/pulumi/pulumi/releases/download/" + v + "/"
	publish(folder+"pulumi-"+v+"-"+runtime.GOOS+"-"+strings.Replace(runtime.GOARCH, "amd64", "x64", 1)+".tar.gz",
		folder+"pulumi-"+strings.TrimPrefix(v, "v")+"-checksums.txt",
		archive(t, "pulumi/", pulumi, link("bin/pulumi-language-go")))
	for _, name := range []string{"docker", "kubernetes"} {
		plugin := link(".pulumi-home/plugins/resource-" + name + "-v*/pulumi-resource-" + name)
		v := version(plugin)
		folder := "/pulumi/pulumi-" + name + "/releases/download/" + v + "/"
		publish(folder+"pulumi-resource-"+name+"-"+v+"-"+runtime.GOOS+"-"+runtime.GOARCH+".tar.gz",
			folder+"pulumi-"+name+"_"+strings.TrimPrefix(v, "v")+"_checksums.txt", archive(t, "", plugin))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		contents, found := files[r.URL.Path]
		if !found {
			http.NotFound(w, r)
			return
		}
		w.Write(contents)
	})
}

func archive(t *testing.T, folder string, files ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped, err := gzip.NewWriterLevel(&out, gzip.NoCompression)
	if err != nil {
		t.Fatal(err)
	}
	packed := tar.NewWriter(zipped)
	for _, file := range files {
		text := contents(t, file)
		if err := packed.WriteHeader(&tar.Header{Name: folder + filepath.Base(file), Mode: 0o755, Size: int64(len(text)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := packed.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func contents(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
