package traefik

import (
	"crypto/sha256"
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	dynamicFolder = "/etc/traefik"
	dynamicFile   = "dynamic.yml"
)

// dialTimeout is when a Pod that does not accept a connection is taken for gone, and another one is asked. Traefik's own
// is 30 s, after which it gives up.
const dialTimeout = "100ms"

// dynamic is what Traefik calls its dynamic configuration, but for the Ingresses: in the one form in which it takes that
// from other than its own resource types. Every request passes both middlewares. With them, a Pod that was lost costs
// nobody an answer.
//
// retry: a request that no Pod has got yet, because the connection failed, goes to the next one, after a
// random 25 to 150 ms. Traefik takes the Pods in turn, for all requests together. Without the random pause, requests that a
// lost node holds up would keep their order, and some would get a lost Pod every time. To mix them, the pause has to vary by
// as much as an attempt takes, which is [dialTimeout]. With two of three Pods lost, one request in 650 gets them 16 times.
//
// repeat: so does that one, and one that a Pod took with it, which Traefik would answer with 504 or 502, if it may be
// repeated: not a POST or a PATCH. A server that gives such answers by itself is not asked more than twice again. Traefik
// sets aside maxRequestBodyBytes for each request, whether it has a body or not: the usual 2 MiB took twice the CPU time of
// the rest. A request with a larger body is not repeated.
//
// fresh: a connection for each request. See [parts.declareReadiness].
const dynamic = `http:
  middlewares:
    repeat:
      retry:
        attempts: 3
        status: ["502", "504"]
        disableRetryOnNetworkError: true
        maxRequestBodyBytes: 4096
    retry:
      retry:
        attempts: 16
        initialInterval: 50ms
  serversTransports:
    fresh:
      maxIdleConnsPerHost: -1
      forwardingTimeouts:
        dialTimeout: ` + dialTimeout + "\n"

// declareConfiguration declares the file, in a ConfigMap that is named after its content: another content makes another one, to which
// Traefik's Pods are then rolled over, one by one, before the old one goes.
func (p *parts) declareConfiguration() (*corev1.ConfigMap, error) {
	return corev1.NewConfigMap(p.ctx, name, &corev1.ConfigMapArgs{
		Metadata: p.Metadata(fmt.Sprintf("%s-%.4x", name, sha256.Sum256([]byte(dynamic))), nil),
		Data:     pulumi.StringMap{dynamicFile: pulumi.String(dynamic)},
	}, p.With()...)
}
