package monitoring

import (
	"slices"
	"strings"
)

// Origin is where figures come from.
type Origin int

// The origins.
const (
	Server  Origin = iota // the server's own metrics
	Cluster               // kube-state-metrics and the nodes' cAdvisor, which every usual Prometheus reads
	WayIn                 // Traefik
)

// Alert is a condition that somebody should look at.
type Alert struct {
	Name     string
	From     Origin
	Expr     string // in PromQL
	For      string // how long it holds before somebody is called
	Critical bool   // users notice
	Because  string // what it means
	Look     string // what to look at
}

// Service is what figures are about.
type Service struct {
	Name      string // of the Deployment and the container
	Namespace string
}

// fill puts the service into a query.
func (s Service) fill(query string) string {
	return strings.NewReplacer("NAMESPACE", s.Namespace, "NAME", s.Name).Replace(query)
}

// Alerts returns those about a service that come from these origins.
func Alerts(of Service, from ...Origin) (all []Alert) {
	for _, alert := range alerts {
		if slices.Contains(from, alert.From) {
			alert.Expr = of.fill(alert.Expr)
			all = append(all, alert)
		}
	}
	return all
}

// throughWayIn are the requests to the service as Traefik counts them, whether it heard of the service by an Ingress or by an
// HTTPRoute. Its routers count what clients got, its services also what it asked again.
const throughWayIn = `service=~"(.+-svc-)?NAMESPACE-NAME-service-.+"`

var alerts = []Alert{
	{
		Name: "RequestsFail", From: Server, For: "5m", Critical: true,
		Expr:    `sum(rate(http_requests_total{namespace="NAMESPACE",code=~"5.."}[5m])) / sum(rate(http_requests_total{namespace="NAMESPACE"}[5m])) > 0.01`,
		Because: "the server fails: its handlers panic or refuse",
		Look:    "`make top`: which Pods; `make logs`: why; `make history`, and `make rollback` if it began with a version",
	},
	{
		Name: "RequestsSlow", From: Server, For: "10m",
		Expr:    `histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{namespace="NAMESPACE"}[5m]))) > 0.1`,
		Because: "the handlers are slow; a wait before they start, such as for CPU time, shows in AnswersSlow only",
		Look:    "`make top`: if CPU is at the limit in `cpu`, raise that, or `replicas`; if not, the server waits for something else",
	},
	{
		Name: "RequestsPileUp", From: Server, For: "5m",
		Expr:    `sum(http_requests_in_flight{namespace="NAMESPACE"}) > 100`,
		Because: "more requests come than are answered",
		Look:    "`make top`: whether more requests come, or answers take longer; then as for RequestsSlow",
	},
	{
		Name: "TwoVersions", From: Server, For: "15m",
		Expr:    `count(count by (version) (build_info{namespace="NAMESPACE"})) > 1`,
		Because: "two versions serve for longer than any rollout takes",
		Look:    "`make top`: the IMAGE of each Pod; what the last `pulumi up` said",
	},
	{
		Name: "MetricsUnreachable", From: Server, For: "5m",
		Expr:    `up{namespace="NAMESPACE"} == 0`,
		Because: "Prometheus finds a Pod and cannot read its metrics, so the alerts above stay silent",
		Look:    "the target's error in Prometheus; then `port`, `path` and `from` in `monitoring`",
	},
	{
		Name: "ServiceDown", From: Cluster, For: "1m", Critical: true,
		Expr:    `kube_deployment_status_replicas_available{namespace="NAMESPACE"} == 0 and kube_deployment_spec_replicas{namespace="NAMESPACE"} > 0`,
		Because: "no Pod of the server or of a worker is ready",
		Look:    "`make status`: its Pods, and the last events",
	},
	{
		Name: "PodsMissing", From: Cluster, For: "10m",
		Expr:    `kube_deployment_status_replicas_available{namespace="NAMESPACE"} < kube_deployment_spec_replicas{namespace="NAMESPACE"}`,
		Because: "Pods cannot start, or nodes are missing",
		Look:    "`make status`; `kubectl get nodes`",
	},
	{
		Name: "RolloutStuck", From: Cluster, For: "1m",
		Expr:    `kube_deployment_status_condition{namespace="NAMESPACE",condition="Progressing",status="false"} == 1`,
		Because: "new Pods do not get ready; the old version serves",
		Look:    "`make status`: what the new Pods lack; `make logs`; then `make rollback`",
	},
	{
		Name: "PodsRestart", From: Cluster, For: "0m",
		Expr:    `increase(kube_pod_container_status_restarts_total{namespace="NAMESPACE"}[15m]) > 2`,
		Because: "the server crashes, runs out of memory or fails its liveness probe",
		Look:    "`make status`: the reason, and the last words",
	},
	{
		Name: "MemoryNearLimit", From: Cluster, For: "10m",
		Expr: `max by (pod, container) (container_memory_working_set_bytes{namespace="NAMESPACE",container!=""})` +
			` / max by (pod, container) (kube_pod_container_resource_limits{namespace="NAMESPACE",resource="memory"}) > 0.9`,
		Because: "the kernel is about to end the container",
		Look:    "`make top`: whether MEMORY grows; `make history`: since which version; then `memory`",
	},
	{
		Name: "CPUThrottled", From: Cluster, For: "15m",
		Expr: `sum by (pod, container) (increase(container_cpu_cfs_throttled_periods_total{namespace="NAMESPACE",container!=""}[5m]))` +
			` / sum by (pod, container) (increase(container_cpu_cfs_periods_total{namespace="NAMESPACE",container!=""}[5m])) > 0.25`,
		Because: "the container wants more CPU time than its limit",
		Look:    "`make top`: whether its REQ/S explain its CPU; then the limit in `cpu`, or `replicas`",
	},
	{
		Name: "AtMostPods", From: Cluster, For: "15m",
		Expr:    `kube_horizontalpodautoscaler_status_current_replicas{namespace="NAMESPACE"} == kube_horizontalpodautoscaler_spec_max_replicas{namespace="NAMESPACE"}`,
		Because: "the autoscaler may want more Pods than it is allowed",
		Look:    "`make top`: CPU and REQ/S of each Pod; then a larger range in `replicas`",
	},
	{
		Name: "AnswersFail", From: WayIn, For: "5m", Critical: true,
		Expr:    `sum(rate(traefik_router_requests_total{` + throughWayIn + `,code=~"5.."}[5m])) / sum(rate(traefik_router_requests_total{` + throughWayIn + `}[5m])) > 0.01`,
		Because: "clients get errors from the server, or from Traefik in its place (502, 503, 504)",
		Look:    "`make top`: whether the Pods fail, or are not there; if neither, `kubectl logs -n traefik deployment/traefik`",
	},
	{
		Name: "AnswersSlow", From: WayIn, For: "10m",
		Expr:    `histogram_quantile(0.99, sum by (le) (rate(traefik_router_request_duration_seconds_bucket{` + throughWayIn + `}[5m]))) > 1`,
		Because: "clients wait; uploads, streams and websockets count with all of their time",
		Look:    "`make top`, as for RequestsSlow",
	},
}
