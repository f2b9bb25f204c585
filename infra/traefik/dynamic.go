package traefik

import (
	"crypto/sha256"
	"fmt"
	"strings"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
)

const (
	dynamicFolder = "/etc/traefik"
	dynamicFile   = "dynamic.yml"
)

// dialTimeout is how long a Pod may take to accept a connection before Traefik takes it for gone and asks another one. By
// default, Traefik gives up after 30 s.
const dialTimeout = "100ms"

// dynamic is Traefik's dynamic configuration, except for the Ingresses. A file is the only form for it besides Traefik's own
// resource types. Every request passes both middlewares, so that no answer is lost with a Pod.
//
// retry: if the connection fails, so that no Pod has got the request yet, Traefik sends it to the next one, after a random
// 25 to 150 ms. It takes the Pods in turn, for all requests together. Without the random pause, requests that a lost node
// holds up would keep their order, and some would get a lost Pod every time. To mix them, the pause has to vary by as much as
// an attempt takes, which is [dialTimeout]. With two of three Pods lost, one request in 650 gets them 16 times.
//
// repeat: Traefik would answer such a request, and one that was lost with its Pod, with 504 or 502. It sends them again, but
// not a POST or a PATCH, which must not be repeated. If a server gives such answers itself, it is asked at most twice more.
// It repeats no request with a body: to repeat one, it would first hold back that many bytes of it, and streams would stand
// still. It also reserves them for each request: the default of 2 MiB took twice the CPU time of the rest.
//
// strip-N: strips the first N segments from the path, for servers that do not know their prefix. An Ingress of any stack may name it.
//
// fresh: a new connection for each request. See [parts.declareReadiness].
var dynamic = `http:
  middlewares:
    repeat:
      retry:
        attempts: 3
        status: ["502", "504"]
        disableRetryOnNetworkError: true
        maxRequestBodyBytes: 0
    retry:
      retry:
        attempts: 16
        initialInterval: 50ms
` + strips() + `  serversTransports:
    fresh:
      maxIdleConnsPerHost: -1
      forwardingTimeouts:
        dialTimeout: ` + dialTimeout + "\n"

// strips returns the middlewares that strip prefixes.
func strips() string {
	var all strings.Builder
	for segments := 1; segments <= config.MostSegments; segments++ {
		fmt.Fprintf(&all, "    strip-%d:\n      stripPrefixRegex:\n        regex: ['^(?:/[^/]+){%d}']\n", segments, segments)
	}
	return all.String()
}

// declareConfiguration declares the file, in a ConfigMap named after its content: new content makes a new one, and Traefik's
// Pods are replaced to use it, one by one, before the old one goes.
func (p *parts) declareConfiguration() (*corev1.ConfigMap, error) {
	return corev1.NewConfigMap(p.ctx, name, &corev1.ConfigMapArgs{
		Metadata: p.Metadata(fmt.Sprintf("%s-%.4x", name, sha256.Sum256([]byte(dynamic))), nil),
		Data:     pulumi.StringMap{dynamicFile: pulumi.String(dynamic)},
	}, p.With()...)
}
