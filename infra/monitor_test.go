package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/hello-world/infra/internal/declared"
	"example.com/hello-world/infra/monitoring"
)

// Without the key, nothing has anything of it.
func TestNoMonitoring(t *testing.T) {
	for _, object := range deployed(t) {
		if text := fmt.Sprint(object); strings.Contains(text, "metrics") || strings.Contains(text, "prometheus") {
			t.Errorf("%s %s has something of it: %s", object.Type, object.Name, text)
		}
	}
}

func TestMonitoringByOperator(t *testing.T) {
	objects := deployed(t, "image="+prebuilt, "namespace=greetings", `monitoring={"from":"m","by":"operator","labels":{"release":"x"}}`)
	for name, want := range map[string][2]string{"hello": {"admin", "app"}, "traefik": {"metrics", "app.kubernetes.io/name"}} {
		monitor := objects.One(t, ":PodMonitor", name)
		monitor.Expect(t, map[string]any{
			"apiVersion": "monitoring.coreos.com/v1", "metadata.labels.release": "x",
			"spec.podMetricsEndpoints.0.port": want[0], "spec.podMetricsEndpoints.0.path": "/metrics",
		})
		if got := monitor.At("spec", "selector", "matchLabels", want[1]); got != name {
			t.Errorf("the PodMonitor %s selects %v", name, got)
		}
	}
	rules := objects.One(t, ":PrometheusRule", "hello")
	rules.Expect(t, map[string]any{"metadata.namespace": "greetings", "metadata.labels.release": "x"})
	alerts, _ := rules.At("spec.groups.0.rules").([]any)
	want := len(monitoring.Alerts(monitoring.Service{}, monitoring.Server, monitoring.Cluster, monitoring.WayIn))
	if text := fmt.Sprint(alerts); len(alerts) != want || strings.Contains(text, "NAME") || !strings.Contains(text, "greetings-hello-service-") {
		t.Errorf("it has %d alerts, want %d: %s", len(alerts), want, text)
	}
	objects.One(t, ":Deployment", "hello").Expect(t, map[string]any{"spec.template.metadata.annotations": nil})
	objects.One(t, ":Deployment", "traefik").Expect(t, map[string]any{"spec.template.metadata.annotations": nil})
	dashboardOf(t, objects, "greetings", monitoring.Server, monitoring.Cluster, monitoring.WayIn)
}

// By annotations, nothing is declared that the cluster may not know. Figures that nobody has are not asked for.
func TestMonitoringByAnnotations(t *testing.T) {
	for _, test := range []struct {
		entries []string
		from    []monitoring.Origin
		port    any // of the server's metrics
		ways    int // into the server
	}{
		{[]string{"monitoring=m"}, []monitoring.Origin{monitoring.Server, monitoring.Cluster, monitoring.WayIn}, "9090", 2},
		{[]string{`monitoring={"from":"m","path":"none"}`}, []monitoring.Origin{monitoring.Cluster, monitoring.WayIn}, nil, 1},
		{[]string{`monitoring={"from":"m","port":9100}`, "healthPath=/", "ingressController=none", "ingressClass=nginx"},
			[]monitoring.Origin{monitoring.Server, monitoring.Cluster}, "9100", 2},
	} {
		objects := deployed(t, append(test.entries, "image="+prebuilt)...)
		if others := append(objects.OfType(":PodMonitor"), objects.OfType(":PrometheusRule")...); len(others) > 0 {
			t.Errorf("%q: %d objects of the operator are declared", test.entries, len(others))
		}
		if got := objects.One(t, ":Deployment", "hello").At("spec", "template", "metadata", "annotations", "prometheus.io/port"); got != test.port {
			t.Errorf("%q: the metrics are on %v", test.entries, got)
		}
		if ways, _ := objects.One(t, ":NetworkPolicy", "hello").At("spec.ingress").([]any); len(ways) != test.ways {
			t.Errorf("%q: the server admits %v", test.entries, ways)
		}
		dashboardOf(t, objects, "hello", test.from...)
	}
}

// dashboardOf fails the test unless the dashboard shows what comes from these origins, and nothing else.
func dashboardOf(t *testing.T, objects declared.Objects, namespace string, from ...monitoring.Origin) {
	t.Helper()
	board := objects.One(t, ":ConfigMap", "hello-grafana")
	board.Expect(t, map[string]any{"metadata.labels.grafana_dashboard": "1"})
	var shown struct {
		Panels []struct{ Targets []struct{ Expr string } }
	}
	text, _ := board.At("data", namespace+"-hello.json").(string)
	if err := json.Unmarshal([]byte(text), &shown); err != nil {
		t.Fatal(err)
	}
	var queries []string
	for _, plot := range shown.Panels {
		for _, target := range plot.Targets {
			queries = append(queries, target.Expr)
		}
	}
	if want := monitoring.Queries(monitoring.Service{Name: "hello", Namespace: namespace}, from...); len(want) == 0 || !slices.Equal(queries, want) {
		t.Errorf("the dashboard asks %q, want %q", queries, want)
	}
}
