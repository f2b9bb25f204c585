package docs

import (
	"regexp"
	"strings"
	"testing"
)

// serverMetric is a metric that the server defines itself, unlike kube-state-metrics' and the Go process's.
var serverMetric = regexp.MustCompile(`\b(http_\w+|build_info)\b`)

// The alerts look at metrics that the server has.
func TestAlertsNameMetricsOfTheServer(t *testing.T) {
	source := contents(t, "../app/traffic.go")
	found := serverMetric.FindAllString(contents(t, "operations.md"), -1)
	if len(found) == 0 {
		t.Error("operations.md names no metric of the server")
	}
	for _, name := range found {
		if !strings.Contains(source, strings.TrimSuffix(name, "_bucket")) {
			t.Errorf("operations.md names the metric %s, and app/traffic.go does not", name)
		}
	}
}
