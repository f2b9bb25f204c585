//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/infra/monitoring"
)

// faulty has the server do what is wrong with servers, if a request asks for it.
const faulty = `return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("fault") {
		case "fail":
			w.WriteHeader(http.StatusInternalServerError)
			return
		case "slow":
			time.Sleep(3 * time.Second)
		case "busy":
			for range 3 {
				go func() { for { } }()
			}
		case "full":
			held = bytes.Repeat([]byte("x"), 110<<20)
		case "exit":
			os.Exit(1)
		}
		w.Write(page)
	})
}

var held []byte
`

// looks are what docs/operations.md tells whoever an alert calls to type first, and what shows the fault then.
var looks = map[string]struct{ command, shows string }{
	"RequestsFail":       {"make top", `^hello +\d/3 +\S+ +\S+ \(\S+ %\)`},
	"AnswersFail":        {"make top", `^hello +\d/3 +\S+ +\S+ \(\S+ %\)`},
	"RequestsSlow":       {"make top", `^hello +3/3 .* >?[2-9]\S* s +\d+s$`},
	"AnswersSlow":        {"make top", `^hello +3/3 .* >?[2-9]\S* s +\d+s$`},
	"RequestsPileUp":     {"make top", `^hello +3/3 +\S+ +0 +>?[2-9]\S* s `},
	"TwoVersions":        {"make top", `^older +Running`},
	"MetricsUnreachable": {"kubectl get --raw /api/v1/namespaces/monitoring/pods/prometheus:9090/proxy/api/v1/targets", `connect: connection refused`},
	"PodsRestart":        {"make status", `restarts: [3-9]`},
	"MemoryNearLimit":    {"make top", `^hello-\S+ +Running +.* 1[12]\dMi `},
	"CPUThrottled":       {"make top", `^hello-\S+ +Running +.* (9\d|1\d\d)m `},
	"AtMostPods":         {"make top", `^hello +\d/3 `},
	"RolloutStuck":       {"make status", `exceeded quota`},
	"ServiceDown":        {"make status", `exceeded quota`},
	"PodsMissing":        {"make status", `exceeded quota`},
}

// testAlerts has the operator's objects, as on a cluster with the operator, and a real Prometheus that does what they say. Each
// alert is silent, and fires when its fault is there. Then the test looks where the documentation says, and finds that fault.
// Alerts call at once here: e2e/internal/alerts tests that they wait as long as they say.
func testAlerts(t *testing.T) {
	before := hello.Running(t).Image
	hello.Forget()
	for _, command := range [][]string{
		{"--path", "monitoring.from", "monitoring"}, {"--path", "monitoring.by", "operator"}, {"--path", "monitoring.labels.release", "kube-prometheus-stack"},
	} {
		hello.Pulumi(t, append([]string{"config", "set"}, command...)...)
	}
	if said, err := hello.Output("pulumi", "--non-interactive", "up"); err == nil || !strings.Contains(said+fmt.Sprint(err), "the cluster knows no PodMonitor") {
		t.Fatalf("without the operator, pulumi up says %s, error %v", said, err)
	}
	operatorsObjects(t)
	hello.Configure(t, "replicas=3", "cpu=25m/100m")
	hello.Edit(t, "app/hello.go", "return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write(page) })\n}\n", faulty)
	hello.Edit(t, "app/hello.go", "import (\n", "import (\n\t\"bytes\"\n\t\"os\"\n\t\"time\"\n")
	hello.Pulumi(t, "up")
	outputs := hello.Outputs(t)
	hello.AwaitReplicas(t, outputs.Namespace, 3)
	stored(t)

	prometheus := watch(t, outputs.Namespace)
	calm := keepAsking(outputs.URL, 2)
	defer calm()
	prometheus.eventually(t, "all is silent, and the dashboard shows all", func() string {
		firing, wrong := prometheus.alerts(t)
		for _, query := range dashboardsQueries(t, outputs.Namespace) {
			if result := prometheus.query(query); len(result) == 0 {
				wrong += "; no data for " + query
			}
		}
		if len(firing) > 0 {
			wrong += fmt.Sprintf("; %q fire", firing)
		}
		return wrong
	})

	namespace, pods := outputs.Namespace, hello.Pods(t, outputs.Namespace)
	ask := func(pod drive.Pod, fault string) {
		hello.AskedFrom(t, namespace, pod.Name, "127.0.0.1:8080", "GET /hello?fault="+fault)
	}
	unseen := maps.Clone(looks)
	fires := func(alerts ...string) {
		t.Helper()
		prometheus.eventually(t, fmt.Sprintf("%q fire", alerts), func() string {
			firing, wrong := prometheus.alerts(t)
			for _, alert := range alerts {
				if !slices.Contains(firing, alert) {
					wrong += "; " + alert + " is silent"
				}
			}
			return wrong
		})
		for _, alert := range alerts {
			look := looks[alert]
			command, shows := strings.Fields(look.command), regexp.MustCompile("(?m)"+look.shows)
			prometheus.eventually(t, fmt.Sprintf("%s: %s shows %s", alert, look.command, shows), func() string {
				if said, _ := hello.Output(command[0], command[1:]...); !shows.MatchString(said) { // it may fail because of the fault
					return said
				}
				return ""
			})
			delete(unseen, alert)
		}
	}
	func() {
		defer keepAsking(outputs.URL+"?fault=fail", 1)()
		fires("RequestsFail", "AnswersFail")
	}()
	func() {
		defer keepAsking(outputs.URL+"?fault=slow", 150)()
		fires("RequestsSlow", "AnswersSlow", "RequestsPileUp")
	}()
	strange(t, namespace, "older", before, "9090")
	strange(t, namespace, "shut", outputs.Image, "9191")
	fires("TwoVersions", "MetricsUnreachable")
	const restarts = "jsonpath={.status.containerStatuses[0].restartCount}"
	had, _ := strconv.Atoi(hello.Kubectl(t, "get", "pod", pods[2].Name, "-n", namespace, "-o", restarts)[0])
	for more := 1; more <= 3; more++ {
		ask(pods[2], "exit")
		for _, until := range []string{fmt.Sprint(restarts, "=", had+more), "condition=Ready"} {
			hello.Kubectl(t, "wait", "pod/"+pods[2].Name, "-n", namespace, "--for", until, "--timeout", "300s")
		}
	}
	fires("PodsRestart")
	ask(pods[0], "full")
	fires("MemoryNearLimit")
	ask(pods[1], "busy")
	fires("CPUThrottled")
	hello.Kubectl(t, "autoscale", "deployment", "hello", "-n", namespace, "--min", "1", "--max", "3")
	fires("AtMostPods")
	hello.Kubectl(t, "delete", "hpa", "hello", "-n", namespace)
	hello.Kubectl(t, "create", "quota", "none", "--hard", "pods=0", "-n", namespace)
	defer hello.Kubectl(t, "delete", "quota", "none", "-n", namespace, "--ignore-not-found")
	hello.Kubectl(t, "patch", "deployment", "hello", "-n", namespace, "--patch",
		`{"spec":{"progressDeadlineSeconds":2,"template":{"metadata":{"annotations":{"a":"b"}}}}}`)
	fires("RolloutStuck")
	hello.Kubectl(t, "delete", "pods", "-l", "app=hello", "-n", namespace, "--now")
	fires("ServiceDown", "PodsMissing")
	if len(unseen) > 0 {
		t.Errorf("nobody looked because of %v", unseen)
	}
}

// All alerts have a first look, which is the documentation's.
func TestLooks(t *testing.T) {
	for _, alert := range monitoring.Alerts(monitoring.Service{}, monitoring.Server, monitoring.Cluster, monitoring.WayIn) {
		look, known := looks[alert.Name]
		if typed := "`" + look.command + "`"; !known || strings.HasPrefix(look.command, "make ") && !strings.HasPrefix(alert.Look, typed) {
			t.Errorf("%s: %s is not where the documentation says to look first: %s", alert.Name, typed, alert.Look)
		}
	}
}

// operatorsObjects makes the cluster know the operator's objects until the test ends.
func operatorsObjects(t *testing.T) {
	t.Helper()
	out, err := exec.Command("go", "mod", "download", "-json", "github.com/prometheus-operator/prometheus-operator@v0.85.0").Output()
	var module struct{ Dir string }
	if err == nil {
		err = json.Unmarshal(out, &module)
	}
	if err != nil {
		t.Fatal(err, string(out))
	}
	for _, kind := range []string{"podmonitors", "prometheusrules"} {
		file := filepath.Join(module.Dir, "example/prometheus-operator-crd/monitoring.coreos.com_"+kind+".yaml")
		hello.Kubectl(t, "create", "-f", file)
		t.Cleanup(func() { hello.Kubectl(t, "delete", "-f", file) })
		crd := "crd/" + kind + ".monitoring.coreos.com"
		for deadline := time.Now().Add(drive.Patience); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
			if conditions := hello.Kubectl(t, "get", crd, "-o", "jsonpath={.status.conditions}"); len(conditions) > 0 {
				break // kubectl cannot wait for one until there are some
			}
		}
		hello.Kubectl(t, "wait", crd, "--for", "condition=Established", "--timeout", "300s")
	}
	t.Cleanup(func() { // before the cluster forgets what they are
		hello.Ready(t)
		hello.Pulumi(t, "up", "--refresh")
	})
}

// stored fails the test unless the cluster's schema has each field of what the stack declares for the operator.
func stored(t *testing.T) {
	t.Helper()
	text, err := hello.Output("pulumi", "stack", "export")
	if err != nil {
		t.Fatal(err)
	}
	var state struct {
		Deployment struct {
			Resources []struct {
				Type   string
				Inputs json.RawMessage
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &state); err != nil {
		t.Fatal(err)
	}
	objects := 0
	for _, resource := range state.Deployment.Resources {
		if strings.HasPrefix(resource.Type, "kubernetes:monitoring.coreos.com/") {
			objects++
			hello.Kubectl(t, "apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-f", drive.File(t, "object.json", string(resource.Inputs)))
		}
	}
	if objects != 3 {
		t.Errorf("the stack declares %d objects of the operator, want those of the server, of Traefik, and the alerts", objects)
	}
}

// prometheus is one that runs, at this address.
type prometheus string

// watch runs a Prometheus with what the operator would tell it.
func watch(t *testing.T, namespace string) prometheus {
	t.Helper()
	monitors, err := hello.Output("kubectl", append(slices.Clone(hello.Cluster), "get", "podmonitors", "--all-namespaces", "-o", "json")...)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := hello.Output("kubectl", append(slices.Clone(hello.Cluster), "get", "prometheusrule", "hello", "-n", namespace, "-o", "jsonpath={.spec}")...)
	if err != nil {
		t.Fatal(err)
	}
	further, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "further", "namespace": "monitoring"},
		"data": map[string]string{
			"rules.json":  regexp.MustCompile(`"for":"\w+"`).ReplaceAllString(spec, `"for":"0s"`),
			"scrape.json": scrapes(t, monitors, stateMetrics(t, namespace)),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	site.Neighbour(t, "monitoring", "prometheus", prometheusImage(t), string(further))
	api, stop := hello.Proxy(t)
	t.Cleanup(stop)
	return prometheus(api + "/api/v1/namespaces/monitoring/pods/prometheus:9090/proxy/api/v1/")
}

// scrapes returns what the operator makes of PodMonitors, and an address to ask besides.
func scrapes(t *testing.T, monitors, further string) string {
	t.Helper()
	var list struct {
		Items []struct {
			Metadata struct{ Name, Namespace string }
			Spec     struct {
				Selector            struct{ MatchLabels map[string]string }
				PodMetricsEndpoints []struct{ Port, Path string }
			}
		}
	}
	if err := json.Unmarshal([]byte(monitors), &list); err != nil {
		t.Fatal(err)
	}
	type object = map[string]any
	keep := func(label, value string) object {
		return object{"action": "keep", "source_labels": []string{"__meta_kubernetes_pod_" + label}, "regex": value}
	}
	name := func(label, from string) object {
		return object{"source_labels": []string{"__meta_kubernetes_" + from}, "target_label": label}
	}
	all := []object{{"job_name": "kube-state-metrics", "honor_labels": true, "static_configs": []object{{"targets": []string{further}}}}}
	for _, monitor := range list.Items {
		for _, endpoint := range monitor.Spec.PodMetricsEndpoints {
			relabel := []object{keep("container_port_name", endpoint.Port), name("namespace", "namespace"), name("pod", "pod_name"), name("container", "pod_container_name")}
			for label, value := range monitor.Spec.Selector.MatchLabels {
				relabel = append(relabel, keep("label_"+regexp.MustCompile(`\W`).ReplaceAllString(label, "_"), value))
			}
			all = append(all, object{
				"job_name": monitor.Metadata.Namespace + "/" + monitor.Metadata.Name, "metrics_path": endpoint.Path, "relabel_configs": relabel,
				"kubernetes_sd_configs": []object{{"role": "pod", "namespaces": object{"names": []string{monitor.Metadata.Namespace}}}},
			})
		}
	}
	text, err := json.Marshal(object{"scrape_configs": all})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// alerts returns the names of those that fire, and what keeps Prometheus from knowing.
func (p prometheus) alerts(t *testing.T) (firing []string, wrong string) {
	t.Helper()
	_, body, err := drive.Get(string(p) + "rules?type=alert")
	var answer struct {
		Data struct {
			Groups []struct {
				Rules []struct{ Name, State, Health, LastError string }
			}
		}
	}
	if err != nil || json.Unmarshal([]byte(body), &answer) != nil {
		return nil, fmt.Sprintf("Prometheus says %q, error %v", body, err)
	}
	known := 0
	for _, group := range answer.Data.Groups {
		for _, rule := range group.Rules {
			known++
			if rule.State == "firing" {
				firing = append(firing, rule.Name)
			}
			if rule.Health != "ok" {
				wrong += "; " + rule.Name + " is " + rule.Health + " " + rule.LastError
			}
		}
	}
	if known == 0 {
		wrong = "Prometheus knows no alert"
	}
	return firing, wrong
}

// query returns the labels of what a query finds.
func (p prometheus) query(query string) (found []map[string]string) {
	_, body, err := drive.Get(string(p) + "query?query=" + url.QueryEscape(query))
	var answer struct {
		Data struct {
			Result []struct{ Metric map[string]string }
		}
	}
	if err == nil && json.Unmarshal([]byte(body), &answer) == nil {
		for _, result := range answer.Data.Result {
			found = append(found, result.Metric)
		}
	}
	return found
}

// eventually waits until nothing is wrong.
func (p prometheus) eventually(t *testing.T, what string, wrong func() string) {
	t.Helper()
	started := time.Now()
	for {
		is := wrong()
		if is == "" {
			t.Logf("%s after %.0f s", what, time.Since(started).Seconds())
			return
		}
		if time.Since(started) > 2*drive.Patience {
			t.Fatalf("not: %s: %s", what, is)
		}
		time.Sleep(time.Second)
	}
}

// dashboardsQueries returns what the dashboard asks Prometheus.
func dashboardsQueries(t *testing.T, namespace string) (all []string) {
	t.Helper()
	text, err := hello.Output("kubectl", append(slices.Clone(hello.Cluster), "get", "configmaps", "--all-namespaces", "-l", "grafana_dashboard=1", "-o", "json")...)
	var list struct {
		Items []struct{ Data map[string]string }
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &list)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range list.Items {
		for _, text := range item.Data {
			var board struct {
				Panels []struct{ Targets []struct{ Expr string } }
			}
			if err := json.Unmarshal([]byte(text), &board); err != nil {
				t.Fatal(err)
			}
			for _, panel := range board.Panels {
				for _, target := range panel.Targets {
					all = append(all, target.Expr)
				}
			}
		}
	}
	if len(all) == 0 {
		t.Fatal("there is no dashboard")
	}
	return all
}

// keepAsking sends requests, so many at a time, until stop is called.
func keepAsking(url string, at int) (stop func()) {
	var running sync.WaitGroup
	over := make(chan struct{})
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: at}}
	for range at {
		running.Go(func() {
			for {
				select {
				case <-over:
					return
				case <-time.After(100 * time.Millisecond):
				}
				if response, err := client.Get(url); err == nil {
					response.Body.Close()
				}
			}
		})
	}
	return func() {
		close(over)
		running.Wait()
	}
}

// strange runs a Pod beside those of the Deployment, with their label, until the test ends.
func strange(t *testing.T, namespace, name, image, adminPort string) {
	t.Helper()
	object, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": name, "namespace": namespace, "labels": map[string]any{"app": "hello"}},
		"spec": map[string]any{
			"securityContext": map[string]any{"runAsNonRoot": true, "seccompProfile": map[string]any{"type": "RuntimeDefault"}},
			"containers": []any{map[string]any{
				"name": "hello", "image": image, "env": []any{map[string]any{"name": "ADMIN_PORT", "value": adminPort}},
				"ports":           []any{map[string]any{"name": "http", "containerPort": 8080}, map[string]any{"name": "admin", "containerPort": 9090}},
				"securityContext": map[string]any{"allowPrivilegeEscalation": false, "capabilities": map[string]any{"drop": []string{"ALL"}}},
			}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	hello.Kubectl(t, "create", "-f", drive.File(t, name+".json", string(object)))
	t.Cleanup(func() { hello.Kubectl(t, "delete", "pod", name, "-n", namespace, "--now", "--ignore-not-found") })
}
