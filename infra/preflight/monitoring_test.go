package preflight

import (
	"encoding/json"
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

// Objects of the operator are refused where nothing knows them, and nobody is asked without them.
func TestMonitoring(t *testing.T) {
	const both = `{"resources": [{"kind": "PodMonitor"}, {"kind": "PrometheusRule"}]}`
	for _, test := range []struct {
		by     string
		status int
		known  string
		says   string // "" if it is not refused
	}{
		{"annotations", 404, "", ""},
		{"operator", 200, both, ""},
		{"operator", 403, "", ""},
		{"operator", 404, "", "the cluster knows no PodMonitor of monitoring.coreos.com/v1: install"},
		{"operator", 200, `{"resources": [{"kind": "PodMonitor"}]}`, "the cluster knows no PrometheusRule"},
	} {
		cluster := standin.Reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/version", "/apis/monitoring.coreos.com/v1/namespaces/m/prometheuses":
				fmt.Fprint(w, "{}")
			case "/apis/monitoring.coreos.com/v1":
				w.WriteHeader(test.status)
				fmt.Fprint(w, test.known)
			default:
				t.Errorf("it asks for %s", r.URL.Path)
			}
		})))
		_, err := declared.By(func(ctx *pulumi.Context) error {
			return (&look{ctx: ctx, cfg: config.Config{Monitoring: config.Monitoring{From: "m", By: test.by}}, cluster: cluster}).monitoring()
		})
		if (err == nil) != (test.says == "") || !strings.Contains(fmt.Sprint(err), test.says) {
			t.Errorf("by %s, with %q: got %v, want %q", test.by, test.known, err, test.says)
		}
	}
}

// A Prometheus selects the stack's objects if it selects both sorts, and none without a selector.
func TestSelects(t *testing.T) {
	for _, test := range []struct {
		spec string
		want bool
	}{
		{`{}`, false},
		{`{"podMonitorSelector": {}, "ruleSelector": {}}`, true},
		{`{"podMonitorSelector": {"matchLabels": {"release": "x"}}, "ruleSelector": {}}`, true},
		{`{"podMonitorSelector": {}, "ruleSelector": {"matchLabels": {"release": "y"}}}`, false},
		{`{"podMonitorSelector": {"matchExpressions": [{"key": "no", "operator": "DoesNotExist"}]}, "ruleSelector": {}}`, true},
	} {
		var p prometheus
		if err := json.Unmarshal([]byte(`{"metadata": {"name": "k8s"}, "spec": `+test.spec+`}`), &p); err != nil {
			t.Fatal(err)
		}
		if got := p.selects(map[string]string{"release": "x"}); got != test.want || p.Name != "k8s" {
			t.Errorf("%s of %s selects it: %v", test.spec, p.Name, got)
		}
	}
}
