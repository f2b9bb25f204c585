package preflight

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/internal/declared"
	"example.com/hello-world/infra/internal/standin"
)

// Only what is asked for and missing is warned of: the stand-in for a cluster notes what it is asked.
func TestWarnOfMissing(t *testing.T) {
	for _, test := range []struct {
		cfg    config.Config
		status int
		asked  string
	}{
		{config.Config{}, 404, ""},
		{config.Config{IngressController: "traefik", IngressClass: "traefik"}, 404, ""},
		{config.Config{IngressClass: "nope"}, 404, "/apis/networking.k8s.io/v1/ingressclasses/nope"},
		{config.Config{IngressClass: "nginx", MaxReplicas: 3}, 200, "/apis/networking.k8s.io/v1/ingressclasses/nginx /apis/metrics.k8s.io/v1beta1"},
		{config.Config{Monitoring: config.Monitoring{From: "m"}}, 404, "/api/v1/namespaces/m"},
		{config.Config{Monitoring: config.Monitoring{From: "m"}, Namespace: "m"}, 404, ""}, // it is declared
		{config.Config{MaxReplicas: 3}, 403, "/apis/metrics.k8s.io/v1beta1"},
		{config.Config{TLSSecret: "s", Namespace: "n"}, 404, "/api/v1/namespaces/n/secrets/s"},
		{config.Config{ClusterIssuer: "i"}, 404, "/apis/cert-manager.io/v1/clusterissuers/i"},
		{config.Config{Egress: []config.Destination{{Port: 443}, {Namespace: "db"}, {Namespace: "db", Port: 80}, {Namespace: "n"}, {CIDR: "10.0.0.0/8"}}, Namespace: "n"}, 404, "/api/v1/namespaces/db"},
	} {
		var asked []string
		cluster := standin.Reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/version" {
				asked = append(asked, r.URL.Path)
				w.WriteHeader(test.status)
			}
			fmt.Fprint(w, "{}")
		})))
		_, err := declared.By(func(ctx *pulumi.Context) error {
			return (&look{ctx: ctx, cfg: test.cfg, cluster: cluster}).warnOfMissing()
		})
		if got := strings.Join(asked, " "); err != nil || got != test.asked {
			t.Errorf("%+v: it asks %q, error %v", test.cfg, got, err)
		}
	}
}
