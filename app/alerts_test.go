package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// serverMetric is a metric that the server defines itself, unlike kube-state-metrics' and the Go process's.
var serverMetric = regexp.MustCompile(`\b(http_\w+|build_info)\b`)

// The alerts in docs/operations.md look at metrics that the server has. This is here, not there, since another server that
// takes this one's place has others.
func TestAlertsNameMetricsOfTheServer(t *testing.T) {
	source, err := os.ReadFile("traffic.go")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	found := serverMetric.FindAllString(string(page), -1)
	if len(found) == 0 {
		t.Error("operations.md names no metric of the server")
	}
	for _, name := range found {
		if !strings.Contains(string(source), strings.TrimSuffix(name, "_bucket")) {
			t.Errorf("operations.md names the metric %s, and traffic.go does not", name)
		}
	}
}
