package top

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	gorilla "github.com/gorilla/websocket"

	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/ship/service"
	"example.com/hello-world/supplier/progress"
)

const (
	admin  = `{"name": "http", "containerPort": 8080}, {"name": "admin", "containerPort": 9090}`
	usual  = `{"name": "http", "containerPort": 8080}`
	worker = ""
)

// listed is a row of the table of Pods.
func listed(app, name, status, restarts, ports string, ready bool) string {
	const digest = "5cd15fd9ff20b5c6b21a0a1b1ed6b13c6b54e1a8a4d4ae9c51a3ca2dd2b3b6a1"
	state := map[bool]string{true: "True", false: "False"}[ready]
	return `{"cells": ["` + name + `", "` + status + `", "` + restarts + `", "3m"], "object": {"metadata": {"name": "` + name + `", "uid": "` + name + `", "labels": {"app": "` + app + `"}},
		"spec": {"nodeName": "one", "containers": [{"name": "` + app + `", "image": "localhost:5001/hello-world@sha256:` + digest + `", "ports": [` + ports + `]}]},
		"status": {"conditions": [{"type": "Ready", "status": "` + state + `"}], "containerStatuses": [{"state": {"running": {}}}]}}}`
}

// clusterWith starts a cluster with Pods that export metrics, and with answers for some paths of its API.
func clusterWith(t *testing.T, pods []string, answers, metrics map[string]string) *watch {
	t.Helper()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, "/api/v1/namespaces/hello/")
		switch pod, forwarded := strings.CutSuffix(strings.TrimPrefix(path, "pods/"), "/portforward"); {
		case forwarded && metrics[pod] == "":
			http.Error(w, "this may not be", http.StatusForbidden)
		case forwarded:
			forward(t, w, r, metrics[pod])
		case path == "pods" && strings.Contains(r.Header.Get("Accept"), "as=Table"):
			fmt.Fprintf(w, `{"columnDefinitions": [{"name": "Name"}, {"name": "Status"}, {"name": "Restarts"}, {"name": "Age"}], "rows": [%s]}`, strings.Join(pods, ","))
		case answers[path] != "":
			fmt.Fprint(w, answers[path])
		case path == "/version" || path == "pods":
			fmt.Fprint(w, "{}")
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(api.Close)
	s := service.Service{Stack: "dev", URL: "http://127.0.0.1:8080/hello", Context: "here", Namespace: "hello", App: "hello", Replicas: 3, Beside: []string{"hello-mails"},
		Kubeconfig: `{"clusters": [{"name": "c", "cluster": {"server": "` + api.URL + `"}}], "contexts": [{"name": "here", "context": {"cluster": "c"}}]}`}
	connection, err := s.Reach(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &watch{Service: s, cluster: connection}
}

// forward answers as the port of a Pod would, through a kubelet.
func forward(t *testing.T, w http.ResponseWriter, r *http.Request, metrics string) {
	if got := r.URL.Query().Get("ports"); got != "9090" {
		t.Errorf("it asks the port %s", got)
	}
	upgrade := gorilla.Upgrader{Subprotocols: []string{"v4.channel.k8s.io"}}
	c, err := upgrade.Upgrade(w, r, nil)
	if err != nil {
		t.Error(err)
		return
	}
	defer c.Close()
	send := func(channel byte, text string) {
		c.WriteMessage(gorilla.BinaryMessage, append([]byte{channel}, text...))
	}
	send(0, "\x82\x23")
	send(1, "\x82\x23")
	if _, question, err := c.ReadMessage(); err != nil || !strings.HasPrefix(string(question), "\x00GET /metrics HTTP/1.1\r\n") {
		t.Errorf("it sends %q, error %v", question, err)
	}
	send(0, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
	half := len(metrics) / 2
	for _, part := range []string{metrics[:half], metrics[half:], ""} {
		send(0, fmt.Sprintf("%x\r\n%s\r\n", len(part), part))
	}
	c.ReadMessage() // until it hangs up
}

var (
	deployments = `{"items": [{"metadata": {"name": "hello"}, "spec": {"replicas": 3}}, {"metadata": {"name": "hello-mails"}, "spec": {"replicas": 1}}]}`
	happened    = `{"items": [{"type": "Warning", "reason": "BackOff", "message": "Back-off restarting failed container\n hello in pod hello-5cd15fd9ff-7vxkq", "lastTimestamp": "2026-12-01T09:41:22Z", "involvedObject": {"kind": "Pod", "name": "hello-5cd15fd9ff-7vxkq"}},
		{"type": "Normal", "reason": "Started", "message": "Container started", "lastTimestamp": "2026-12-01T09:38:31Z", "involvedObject": {"kind": "Pod", "name": "hello-5cd15fd9ff-bk4ss"}}]}`
	used = `{"pods": [{"podRef": {"name": "hello-5cd15fd9ff-bk4ss", "namespace": "hello"}, "cpu": {"usageNanoCores": 151000000}, "memory": {"workingSetBytes": 24117248}},
		{"podRef": {"name": "hello-mails-7d9f8b6c5-x2k4p", "namespace": "hello"}, "cpu": {"usageNanoCores": 1000000}, "memory": {"workingSetBytes": 9000000}},
		{"podRef": {"name": "hello-5cd15fd9ff-bk4ss", "namespace": "another"}, "cpu": {"usageNanoCores": 1}}]}`
	asMetrics = `{"items": [{"metadata": {"name": "hello-5cd15fd9ff-bk4ss"}, "containers": [{"usage": {"cpu": "98m", "memory": "20Mi"}}, {"usage": {"cpu": "2m", "memory": "1Mi"}}]}]}`
)

var (
	well = listed("hello", "hello-5cd15fd9ff-bk4ss", "Running", "0", admin, true)
	ill  = listed("hello", "hello-5cd15fd9ff-7vxkq", "CrashLoopBackOff", "3 (9s ago)", admin, false)
	mute = listed("hello", "hello-5cd15fd9ff-qzq2m", "Running", "0", admin, true)
	work = listed("hello-mails", "hello-mails-7d9f8b6c5-x2k4p", "Running", "0", worker, true)
)

// after is what a server exports that exported the recorded text, and has answered 996 requests since then, 10 of them with 503.
func after(t *testing.T) string {
	text := recorded(t)
	for _, change := range [][2]string{
		{`http_requests_total{code="200"} 104`, "http_requests_total{code=\"200\"} 1090\nhttp_requests_total{code=\"503\"} 10"},
		{`_bucket{le="1e-05"} 96`, `_bucket{le="1e-05"} 196`}, {`_bucket{le="2.5e-05"} 107`, `_bucket{le="2.5e-05"} 1000`},
		{`_bucket{le="5e-05"} 109`, `_bucket{le="5e-05"} 1085`}, {`_bucket{le="0.0001"} 109`, `_bucket{le="0.0001"} 1105`},
	} {
		text = strings.Replace(text, "http_request_duration_seconds"+change[0], "http_request_duration_seconds"+change[1], 1)
		text = strings.Replace(text, change[0], change[1], 1)
	}
	_, high, _ := strings.Cut(text, `_bucket{le="0.0001"} 1105`)
	return strings.TrimSuffix(text, high) + strings.ReplaceAll(high, "} 109\n", "} 1105\n")
}

// looks returns what is there to see at second looks, two seconds after the first ones.
func (w *watch) looks(t *testing.T, metrics map[string]string, then map[string]string) look {
	t.Helper()
	at := time.Date(2026, 12, 1, 9, 41, 29, 0, time.UTC)
	for i := range 2 {
		seen, err := w.see(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		seen.at = at.Add(time.Duration(i) * pause)
		w.compare(&seen)
		w.last = seen
		for pod, text := range then {
			metrics[pod] = text
		}
	}
	return w.last
}

// A look on a terminal of 80 columns is as in testdata/look.txt.
func TestLook(t *testing.T) {
	metrics := map[string]string{"hello-5cd15fd9ff-bk4ss": recorded(t), "hello-5cd15fd9ff-7vxkq": recorded(t)}
	w := clusterWith(t, []string{well, ill, mute, work}, map[string]string{
		"/apis/apps/v1/namespaces/hello/deployments": deployments, "events": happened, "/api/v1/nodes/one/proxy/stats/summary": used,
	}, metrics)
	seen := w.looks(t, metrics, map[string]string{"hello-5cd15fd9ff-bk4ss": after(t)})
	got := strings.Join(seen.lines(progress.Style{}, 80, 24), "\n") + "\n"
	want, err := os.ReadFile("testdata/look.txt")
	if err != nil || got != string(want) {
		t.Errorf("it shows, error %v:\n%s", err, got)
	}
	// Another look is about both intervals.
	seen, err = w.see(t.Context())
	seen.at = w.last.at.Add(2 * pause)
	w.compare(&seen)
	if of := seen.servers[0]; err != nil || of.answers != 996 || of.in != 3*pause {
		t.Errorf("then there were %v answers in %v, error %v", of.answers, of.in, err)
	}
	// If the cluster does not answer, what it said last stays.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	old := strings.Join(w.look(ctx).lines(progress.Style{}, 80, 24), "\n")
	if !strings.Contains(old, "does not answer: context canceled\n") || !strings.Contains(old, "\nhello-5cd15fd9ff-bk4ss ") {
		t.Errorf("without the cluster, it shows\n%s", old)
	}
}

// If there is a metrics server, it says what Pods take.
func TestMetricsServer(t *testing.T) {
	w := clusterWith(t, []string{well}, map[string]string{"/apis/metrics.k8s.io/v1beta1/namespaces/hello/pods": asMetrics, "/api/v1/nodes/one/proxy/stats/summary": used}, nil)
	used := usageOf(t.Context(), w.cluster, "hello", []string{"one"})["hello-5cd15fd9ff-bk4ss"]
	if used.cpu.MilliValue() != 100 || used.memory.Value() != 21<<20 {
		t.Errorf("it takes %v", used)
	}
}

// What nobody says is no figure, and a line says why.
func TestNoFigures(t *testing.T) {
	for name, test := range map[string]struct{ ports, says string }{
		"no admin port":    {usual, "hello has no figures of requests: it has no port called admin"},
		"may not ask Pods": {admin, "hello has no figures of requests: unable to upgrade streaming request: websocket: bad handshake (403 Forbidden): this may not be"},
		"serves nothing":   {worker, ""},
	} {
		pods := []string{listed("hello", "hello-a", "Running", "0", test.ports, true)}
		w := clusterWith(t, pods, map[string]string{"/apis/apps/v1/namespaces/hello/deployments": deployments}, nil)
		said := strings.Join(w.looks(t, nil, nil).lines(progress.Style{}, 0, 0), "\n") + "\n"
		if !strings.Contains(said, test.says+"\n") || strings.Contains(said, "no figures") != (test.says != "") {
			t.Errorf("%s: it lacks %q:\n%s", name, test.says, said)
		}
		for _, line := range []string{"hello        1/3    –           –         –    –    –\n", "hello-a  Running  0         –    –       5cd15fd9  3m   –\n"} {
			if !strings.Contains(said, line) {
				t.Errorf("%s: it lacks %q:\n%s", name, line, said)
			}
		}
	}
}

// On a small terminal, columns and lines are left out. None wraps.
func TestSmallTerminals(t *testing.T) {
	seen := look{Service: service.Service{URL: "http://127.0.0.1:8080/hello", Replicas: 15}, servers: []server{{name: "hello", ready: 15, wants: 15}}}
	for i := range 15 {
		p := pod{status: "Running", restarts: "0", age: "3m"}
		p.Name = fmt.Sprintf("hello-5cd15fd9ff-%05d", i)
		seen.pods = append(seen.pods, p)
		seen.events = append(seen.events, kubeconfig.Event{Reason: "Started", Message: "Container started, which took longer than a line has room for"})
	}
	for width := 1; width < 120; width++ {
		for height := 1; height < 60; height++ {
			lines := seen.lines(progress.Style{}, width, height)
			if len(lines) > height {
				t.Fatalf("%d lines on a terminal of %d", len(lines), height)
			}
			for _, line := range lines {
				if utf8.RuneCountInString(line) > width {
					t.Fatalf("in %d columns: %q", width, line)
				}
			}
		}
	}
	said := strings.Join(seen.lines(progress.Style{}, 80, 24), "\n")
	if pods := strings.Count(said, "  Running  "); pods+5 != 15 || !strings.Contains(said, "\nand 5 more\n") || !strings.Contains(said, "what happened last:\n") {
		t.Errorf("of 15 Pods it shows %d:\n%s", pods, said)
	}
	if said := strings.Join(seen.lines(progress.Style{}, 60, 24), "\n"); strings.Contains(said, "AGE") || !strings.Contains(said, "MEMORY") {
		t.Errorf("in 60 columns it shows\n%s", said)
	}
}

// The figures are about the last ten seconds, however long a look takes.
func TestWindow(t *testing.T) {
	for _, test := range []struct {
		takes time.Duration
		left  int
	}{{2 * time.Second, 5}, {3 * time.Second, 4}, {time.Minute, 1}} {
		w := &watch{}
		for i := range 20 {
			seen := look{at: time.Unix(0, 0).Add(time.Duration(i) * test.takes)}
			w.compare(&seen)
			w.last = seen
		}
		if len(w.passed) != test.left {
			t.Errorf("of intervals of %s, %d are left, want %d", test.takes, len(w.passed), test.left)
		}
	}
}
