package images

import (
	"errors"
	"strings"
	"testing"

	"github.com/moby/moby/api/types/jsonstream"

	"example.com/hello-world/supplier/checksums"
	"example.com/hello-world/supplier/supply"
)

func TestProgress(t *testing.T) {
	layer := func(id, status string, read, size int64) jsonstream.Message {
		return jsonstream.Message{ID: id, Status: status, Progress: &jsonstream.Progress{Current: read, Total: size}}
	}
	reports := []jsonstream.Message{
		layer("v1.37.0", "Pulling from kindest/node", 0, 0),
		layer("0123456789ab", "Downloading", 10_490_000, 104_900_000),
		layer("ba9876543210", "Downloading", 20_970_000, 31_460_000),
		layer("0123456789ab", "Downloading", 20_970_000, 104_900_000),
		layer("0123456789ab", "Extracting", 557_100, 104_900_000),
		{Status: "Digest: sha256:1"},
		{Error: &jsonstream.Error{Message: "no space left"}},
	}
	var log strings.Builder
	var heard int
	var far string
	err := follow(func(yield func(jsonstream.Message, error) bool) {
		for _, report := range reports {
			if !yield(report, nil) {
				return
			}
		}
	}, &log, func() { heard++ }, func(text string) { far = text })
	if err == nil || err.Error() != "no space left" {
		t.Errorf("the error is %v", err)
	}
	if far != "39 of 131 MB" || heard != 6 {
		t.Errorf("it is %q far after %d reports", far, heard)
	}
	if want := "v1.37.0: Pulling from kindest/node\nDigest: sha256:1\n"; log.String() != want {
		t.Errorf("the log has %q, want %q", log.String(), want)
	}
}

// The words of several versions of the engine, and of other people's proxies.
func TestWhatDockerSays(t *testing.T) {
	for said, leadsTo := range map[string]error{
		`Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.53:53: no such host`:                                      supply.ErrNoRoute,
		`Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`: supply.ErrNoRoute,
		`Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp 3.1.2.3:443: i/o timeout`:                                                                        supply.ErrNoRoute,
		`Error response from daemon: manifest for kindest/node:v9 not found: manifest unknown: manifest unknown`:                                                                       supply.ErrNotThere,
		`failed to resolve reference "docker.io/kindest/node:v9": docker.io/kindest/node:v9: not found`:                                                                                supply.ErrNotThere,
		`Error response from daemon: Get "https://registry-1.docker.io/v2/": proxyconnect tcp: dial tcp 127.0.0.1:3128: connect: connection refused`:                                   nil,
		`Error response from daemon: Get "https://registry-1.docker.io/v2/": Proxy Authentication Required`:                                                                            nil,
		`Error response from daemon: Get "https://registry-1.docker.io/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`:                         nil,
		`toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit`:                                                           nil,
		`failed to register layer: write /usr/bin/x: no space left on device`:                                                                                                          nil,
		`no matching manifest for linux/riscv64 in the manifest list entries`:                                                                                                          nil,
	} {
		err := explainPull("kindest/node:v9", said)
		for _, one := range []error{supply.ErrNoRoute, supply.ErrNotThere} {
			if errors.Is(err, one) != (one == leadsTo) {
				t.Errorf("%s\nbecomes %v", said, err)
			}
		}
	}
}

func TestReference(t *testing.T) {
	for _, test := range []struct{ mirror, name, digest, want string }{
		{"", "golang:1.26", "", "docker.io/library/golang:1.26"},
		{"", "traefik:v3.7.13", "", "docker.io/library/traefik:v3.7.13"},
		{"", "kindest/node:v1.37.0", "sha256:1", "docker.io/kindest/node@sha256:1"},
		{"mirror.example:5000", "registry:3", "", "mirror.example:5000/library/registry:3"},
		{"mirror.example:5000", "registry.k8s.io/kwok/kwok:v0.8.0", "", "registry.k8s.io/kwok/kwok:v0.8.0"},
	} {
		i := image{name: test.name}
		got, mirrored := Source{Mirror: test.mirror, Checksums: checksums.List{i.key(): test.digest}}.reference(i)
		if got != test.want || mirrored != (test.mirror != "" && got != test.name) {
			t.Errorf("%+v: it is pulled from %s, mirrored %v", test, got, mirrored)
		}
	}
}
