package monitoring

import (
	"encoding/json"
	"fmt"
	"slices"
)

// panel is one plot of the dashboard.
type panel struct {
	title, unit string
	from        Origin
	queries     []query
}

type query struct {
	expr   string
	legend string // with the labels of a line, such as {{pod}}
}

// Queries returns all queries of the dashboard about a service, from these origins.
func Queries(of Service, from ...Origin) (all []string) {
	for _, panel := range panels {
		if slices.Contains(from, panel.from) {
			for _, query := range panel.queries {
				all = append(all, of.fill(query.expr))
			}
		}
	}
	return all
}

var panels = []panel{
	{"Requests by status", "reqps", Server, []query{
		{`sum by (code) (rate(http_requests_total{namespace="NAMESPACE"}[5m]))`, "{{code}}"},
	}},
	{"Time to answer", "s", Server, []query{
		{`histogram_quantile(0.5, sum by (le) (rate(http_request_duration_seconds_bucket{namespace="NAMESPACE"}[5m])))`, "half"},
		{`histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{namespace="NAMESPACE"}[5m])))`, "99 %"},
	}},
	{"Requests in flight", "short", Server, []query{
		{`sum by (pod) (http_requests_in_flight{namespace="NAMESPACE"})`, "{{pod}}"},
	}},
	{"Pods by version", "short", Server, []query{
		{`count by (version) (build_info{namespace="NAMESPACE"})`, "{{version}}"},
	}},
	{"Answers through Traefik by status", "reqps", WayIn, []query{
		{`sum by (code) (rate(traefik_router_requests_total{` + throughWayIn + `}[5m]))`, "{{code}}"},
	}},
	{"Time to answer through Traefik", "s", WayIn, []query{
		{`histogram_quantile(0.5, sum by (le) (rate(traefik_router_request_duration_seconds_bucket{` + throughWayIn + `}[5m])))`, "half"},
		{`histogram_quantile(0.99, sum by (le) (rate(traefik_router_request_duration_seconds_bucket{` + throughWayIn + `}[5m])))`, "99 %"},
	}},
	{"Pods ready", "short", Cluster, []query{
		{`kube_deployment_status_replicas_available{namespace="NAMESPACE"}`, "{{deployment}}"},
		{`kube_deployment_spec_replicas{namespace="NAMESPACE"}`, "{{deployment}}, wanted"},
	}},
	{"Restarts in an hour", "short", Cluster, []query{
		{`increase(kube_pod_container_status_restarts_total{namespace="NAMESPACE"}[1h])`, "{{pod}}"},
	}},
	{"Memory", "bytes", Cluster, []query{
		{`max by (pod) (container_memory_working_set_bytes{namespace="NAMESPACE",container!=""})`, "{{pod}}"},
		{`max(kube_pod_container_resource_limits{namespace="NAMESPACE",container="NAME",resource="memory"})`, "limit"},
	}},
	{"CPU", "short", Cluster, []query{
		{`sum by (pod) (rate(container_cpu_usage_seconds_total{namespace="NAMESPACE",container!=""}[5m]))`, "{{pod}}"},
		{`max(kube_pod_container_resource_limits{namespace="NAMESPACE",container="NAME",resource="cpu"})`, "limit"},
	}},
}

// dashboard returns what Grafana loads, as JSON: two plots in a row, over the last hour.
func dashboard(of Service, from []Origin) string {
	type object = map[string]any
	source := object{"type": "prometheus", "uid": "${datasource}"}
	var plots []object
	for _, panel := range panels {
		if !slices.Contains(from, panel.from) {
			continue
		}
		var targets []object
		for i, query := range panel.queries {
			targets = append(targets, object{
				"refId": string(rune('A' + i)), "datasource": source, "expr": of.fill(query.expr), "legendFormat": query.legend,
			})
		}
		const width, height = 12, 8
		n := len(plots)
		plots = append(plots, object{
			"id": n + 1, "type": "timeseries", "title": panel.title, "datasource": source, "targets": targets,
			"gridPos":     object{"x": n % 2 * width, "y": n / 2 * height, "w": width, "h": height},
			"fieldConfig": object{"defaults": object{"unit": panel.unit, "min": 0}, "overrides": []any{}},
		})
	}
	text, err := json.Marshal(object{
		"uid": fmt.Sprintf("%s-%s", of.Namespace, of.Name), "title": fmt.Sprintf("%s in %s", of.Name, of.Namespace),
		"schemaVersion": 39, "editable": false, "refresh": "30s", "time": object{"from": "now-1h", "to": "now"},
		"templating": object{"list": []object{{"type": "datasource", "name": "datasource", "query": "prometheus"}}},
		"panels":     plots,
	})
	if err != nil {
		panic(err) // it is all text and numbers
	}
	return string(text)
}
