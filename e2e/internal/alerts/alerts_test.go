// Package alerts checks the alerts with Prometheus' own library, as promtool does.
package alerts

import (
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
	"github.com/prometheus/prometheus/rules"

	"example.com/hello-world/infra/monitoring"
)

var (
	of      = monitoring.Service{Name: "hello", Namespace: "hello"}
	origins = []monitoring.Origin{monitoring.Server, monitoring.Cluster, monitoring.WayIn}
)

// Prometheus takes the rules as a file, and the dashboard's queries.
func TestWellFormed(t *testing.T) {
	file, err := json.Marshal(monitoring.RuleFile(of, origins...))
	if err != nil {
		t.Fatal(err)
	}
	parse := parser.NewParser(parser.Options{})
	if _, problems := rulefmt.Parse(file, false, model.UTF8Validation, parse, slog.New(slog.DiscardHandler)); len(problems) > 0 {
		t.Error(problems)
	}
	for _, query := range monitoring.Queries(of, origins...) {
		if _, err := parse.ParseExpr(query); err != nil {
			t.Errorf("%s: %v", query, err)
		}
	}
}

// deployment are the figures of a Deployment with three Pods, of which some are available.
func deployment(available string) string {
	return `
	kube_deployment_spec_replicas{namespace="hello",deployment="hello"} 3x60
	kube_deployment_status_replicas_available{namespace="hello",deployment="hello"} ` + available
}

// faults has the figures in which each alert fires, and such in which it is silent, an hour of each. They are as promtool takes
// them: one a minute.
var faults = map[string]struct{ fires, silent string }{
	"RequestsFail": {`
	http_requests_total{namespace="hello",pod="a",code="200"} 0+5900x60
	http_requests_total{namespace="hello",pod="b",code="500"} 0+100x60`, `
	http_requests_total{namespace="hello",pod="a",code="200"} 0+5990x60
	http_requests_total{namespace="hello",pod="a",code="404"} 0+1000x60
	http_requests_total{namespace="hello",pod="b",code="503"} 0+10x60
	http_requests_total{namespace="other",pod="b",code="503"} 0+6000x60`},
	"RequestsSlow": {`
	http_request_duration_seconds_bucket{namespace="hello",le="0.1"} 0+980x60
	http_request_duration_seconds_bucket{namespace="hello",le="1"} 0+1000x60
	http_request_duration_seconds_bucket{namespace="hello",le="+Inf"} 0+1000x60`, `
	http_request_duration_seconds_bucket{namespace="hello",le="0.1"} 0+995x60
	http_request_duration_seconds_bucket{namespace="hello",le="1"} 0+1000x60
	http_request_duration_seconds_bucket{namespace="hello",le="+Inf"} 0+1000x60`},
	"RequestsPileUp": {`
	http_requests_in_flight{namespace="hello",pod="a"} 60x60
	http_requests_in_flight{namespace="hello",pod="b"} 60x60`, `
	http_requests_in_flight{namespace="hello",pod="a"} 60x60
	http_requests_in_flight{namespace="other",pod="b"} 60x60`},
	"TwoVersions": {`
	build_info{namespace="hello",pod="a",version="1"} 1x60
	build_info{namespace="hello",pod="b",version="2"} 1x60`, `
	build_info{namespace="hello",pod="a",version="1"} 1x8
	build_info{namespace="hello",pod="b",version="2"} 1x60
	build_info{namespace="hello",pod="c",version="2"} 1x60`},
	"MetricsUnreachable": {`
	up{namespace="hello",pod="a"} 1x60
	up{namespace="hello",pod="b"} 0x60`, `
	up{namespace="hello",pod="a"} 1x30 0x3 1x30
	up{namespace="other",pod="a"} 0x60`},
	"ServiceDown":  {deployment("3x30 0x30"), deployment("1x60")},
	"PodsMissing":  {deployment("2x60"), deployment("3x20 2x8 3x30")},
	"RolloutStuck": {`kube_deployment_status_condition{namespace="hello",deployment="hello",condition="Progressing",status="false"} 1x60`, `kube_deployment_status_condition{namespace="hello",deployment="hello",condition="Progressing",status="false"} 0x60`},
	"PodsRestart":  {`kube_pod_container_status_restarts_total{namespace="hello",pod="a"} 0+1x60`, `kube_pod_container_status_restarts_total{namespace="hello",pod="a"} 0x30 1x30`},
	"MemoryNearLimit": {`
	container_memory_working_set_bytes{namespace="hello",pod="a",container="hello",id="x"} 125e6x60
	kube_pod_container_resource_limits{namespace="hello",pod="a",container="hello",resource="memory",node="n"} 134217728x60`, `
	container_memory_working_set_bytes{namespace="hello",pod="a",container="hello",id="x"} 50e6x60
	container_memory_working_set_bytes{namespace="hello",pod="a",id="y"} 134e6x60
	kube_pod_container_resource_limits{namespace="hello",pod="a",container="hello",resource="memory",node="n"} 134217728x60`},
	"CPUThrottled": {`
	container_cpu_cfs_periods_total{namespace="hello",pod="a",container="hello"} 0+600x60
	container_cpu_cfs_throttled_periods_total{namespace="hello",pod="a",container="hello"} 0+300x60`, `
	container_cpu_cfs_periods_total{namespace="hello",pod="a",container="hello"} 0+600x60
	container_cpu_cfs_throttled_periods_total{namespace="hello",pod="a",container="hello"} 0+60x60`},
	"AtMostPods": {`
	kube_horizontalpodautoscaler_status_current_replicas{namespace="hello",horizontalpodautoscaler="hello"} 2x10 5x50
	kube_horizontalpodautoscaler_spec_max_replicas{namespace="hello",horizontalpodautoscaler="hello"} 5x60`, `
	kube_horizontalpodautoscaler_status_current_replicas{namespace="hello",horizontalpodautoscaler="hello"} 4x60
	kube_horizontalpodautoscaler_spec_max_replicas{namespace="hello",horizontalpodautoscaler="hello"} 5x60`},
	"AnswersFail": {`
	traefik_router_requests_total{service="hello-hello-service-http@kubernetes",code="200"} 0+970x60
	traefik_router_requests_total{service="httproute-hello-hello-x-svc-hello-hello-service-0@kubernetesgateway",code="504"} 0+30x60`, `
	traefik_router_requests_total{service="hello-hello-service-http@kubernetes",code="200"} 0+999x60
	traefik_router_requests_total{service="hello-hello-service-http@kubernetes",code="502"} 0+1x60
	traefik_router_requests_total{service="other-hello-service-http@kubernetes",code="502"} 0+999x60`},
	"AnswersSlow": {`
	traefik_router_request_duration_seconds_bucket{service="hello-hello-service-http@kubernetes",le="1"} 0+95x60
	traefik_router_request_duration_seconds_bucket{service="hello-hello-service-http@kubernetes",le="5"} 0+100x60
	traefik_router_request_duration_seconds_bucket{service="hello-hello-service-http@kubernetes",le="+Inf"} 0+100x60`, `
	traefik_router_request_duration_seconds_bucket{service="hello-hello-service-http@kubernetes",le="1"} 0+100x60
	traefik_router_request_duration_seconds_bucket{service="hello-hello-service-http@kubernetes",le="+Inf"} 0+100x60`},
}

// Each alert fires in its fault, not before its time, and is silent otherwise.
func TestAlerts(t *testing.T) {
	for _, alert := range monitoring.Alerts(of, origins...) {
		fault, known := faults[alert.Name]
		if !known {
			t.Errorf("no fault is known in which %s fires", alert.Name)
			continue
		}
		hold, err := model.ParseDuration(alert.For)
		if err != nil {
			t.Fatal(err)
		}
		if after, fires := firing(t, alert, fault.fires); !fires || after < time.Duration(hold) {
			t.Errorf("%s: fires %v, after %v; its time is %v", alert.Name, fires, after, hold)
		}
		if after, fires := firing(t, alert, fault.silent); fires {
			t.Errorf("%s fires after %v, where all is well", alert.Name, after)
		}
	}
}

// firing returns after how long an alert fires within an hour of figures.
func firing(t *testing.T, alert monitoring.Alert, figures string) (after time.Duration, fires bool) {
	t.Helper()
	expr, err := parser.NewParser(parser.Options{}).ParseExpr(alert.Expr)
	if err != nil {
		t.Fatal(err)
	}
	hold, err := model.ParseDuration(alert.For)
	if err != nil {
		t.Fatal(err)
	}
	storage := promqltest.LoadedStorage(t, "load 1m\n\t"+strings.TrimSpace(figures))
	engine := promqltest.NewTestEngine(t, false, 0, promqltest.DefaultMaxSamplesPerQuery)
	rule := rules.NewAlertingRule(alert.Name, expr, time.Duration(hold), 0, labels.EmptyLabels(), labels.EmptyLabels(), labels.EmptyLabels(), "", true, slog.New(slog.DiscardHandler))
	for ; after <= time.Hour; after += time.Minute {
		if _, err := rule.Eval(t.Context(), 0, time.Unix(0, 0).Add(after), rules.EngineQueryFunc(engine, storage), nil, 0); err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(rule.ActiveAlerts(), func(a *rules.Alert) bool { return a.State == rules.StateFiring }) {
			return after, true
		}
	}
	return 0, false
}
