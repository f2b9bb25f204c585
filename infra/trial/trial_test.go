package trial

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/hello-world/infra/kubeconfig"
)

// cluster stands in for a cluster's API: it knows one Job, whose Pod becomes ready at once if it may, and answers.
type cluster struct {
	mutex    sync.Mutex
	job      map[string]any // nil if there is none
	made     map[string]any // the last one that was made
	checked  map[string]any // the last one that was only checked
	ready    bool
	status   int
	draining int // how often to say that an old Pod is still there
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	const jobs = "/apis/batch/v1/namespaces/shop/jobs"
	switch at := r.Method + " " + r.URL.Path; at {
	case "GET /version":
		fmt.Fprint(w, "{}")
	case "GET /api/v1/namespaces/shop":
		fmt.Fprint(w, "{}")
	case "GET /api/v1/namespaces/missing":
		http.NotFound(w, r)
	case "POST " + jobs:
		if r.URL.Query().Get("dryRun") == "All" {
			if err := json.NewDecoder(r.Body).Decode(&c.checked); err != nil {
				panic(err)
			}
			w.WriteHeader(http.StatusUnprocessableEntity)
			fmt.Fprint(w, `{"message": "Job.batch is invalid"}`)
			return
		}
		c.job = nil
		if err := json.NewDecoder(r.Body).Decode(&c.job); err != nil {
			panic(err)
		}
		c.made = c.job
		w.WriteHeader(http.StatusCreated)
	case "GET " + jobs + "/hello-trial", "DELETE " + jobs + "/hello-trial":
		if c.job == nil {
			http.NotFound(w, r)
			return
		}
		if r.Method == http.MethodDelete {
			c.job = nil
		}
		fmt.Fprint(w, "{}")
	case "GET /api/v1/namespaces/shop/pods":
		switch selector := r.URL.Query().Get("labelSelector"); {
		case selector == "hello-world/trial-of=hello" && c.job != nil && c.ready:
			fmt.Fprint(w, `{"items":[{"metadata":{"name":"hello-trial-x"},"status":{"conditions":[{"type":"Ready","status":"True"}]}}]}`)
		case selector == "app=hello" && c.draining > 0:
			c.draining--
			fmt.Fprint(w, `{"items":[{"metadata":{"name":"old","deletionTimestamp":"2026-11-26T05:00:00Z"}}]}`)
		default:
			fmt.Fprint(w, "{}")
		}
	case "GET /api/v1/namespaces/shop/pods/hello-trial-x:8080/proxy/hello":
		w.WriteHeader(c.status)
		fmt.Fprint(w, "an answer")
	default:
		panic(at)
	}
}

func (c *cluster) trial(t *testing.T) Trial {
	t.Helper()
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	config, err := kubeconfig.Parse(fmt.Sprintf(`{"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "c"}}],
		"clusters": [{"name": "c", "cluster": {"server": %q}}]}`, server.URL))
	if err != nil {
		t.Fatal(err)
	}
	connection, err := config.Reach(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	return Trial{Cluster: connection, Port: 8080, Path: "/hello", Status: 200, Timeout: 5 * time.Second, Drain: 5 * time.Second}
}

var template = map[string]any{
	"metadata": map[string]any{"labels": map[string]any{"app": "hello"}},
	"spec":     map[string]any{"containers": []any{map[string]any{"name": "hello", "image": "new", "lifecycle": map[string]any{"preStop": "10s"}}}, "terminationGracePeriodSeconds": 30},
}

// A preview asks, and starts nothing.
func TestChecked(t *testing.T) {
	c := &cluster{}
	if err := c.trial(t).Check(t.Context(), "shop", "hello", template); err == nil || !strings.Contains(err.Error(), "Job.batch is invalid") {
		t.Errorf("it says %v", err)
	}
	if c.job != nil || c.checked == nil {
		t.Errorf("it checked %v and started %v", c.checked, c.job)
	}
	if err := c.trial(t).Check(t.Context(), "missing", "hello", template); err != nil {
		t.Errorf("before the namespace is there: %v", err)
	}
}

func TestPassed(t *testing.T) {
	c := &cluster{job: map[string]any{"left": "by a killed run"}, ready: true, status: 200}
	if err := c.trial(t).Run(t.Context(), "shop", "hello", template); err != nil {
		t.Fatal(err)
	}
	if c.job != nil {
		t.Errorf("the trial has left %v", c.job)
	}
	made, err := json.Marshal(c.made)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"image":"new"`, `"restartPolicy":"Never"`, `"activeDeadlineSeconds":65`, `"ttlSecondsAfterFinished":0`, `"backoffLimit":0`} {
		if !strings.Contains(string(made), want) {
			t.Errorf("the Job lacks %s: %s", want, made)
		}
	}
	// Its grace period is shorter.
	if strings.Contains(string(made), "preStop") || !strings.Contains(fmt.Sprint(template), "preStop") {
		t.Errorf("the Job's Pod waits before it stops, or the template's does not any more: %s", made)
	}
	// The Service would send it users.
	if strings.Contains(string(made), `"app":"hello"`) {
		t.Errorf("the Job's Pod has the service's label: %s", made)
	}
}

func TestWrongAnswer(t *testing.T) {
	c := &cluster{ready: true, status: 500}
	err := c.trial(t).Run(t.Context(), "shop", "hello", template)
	const want = `it answers /hello with 500 Internal Server Error instead of 200: "an answer"`
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
	if c.job != nil {
		t.Errorf("the trial has left %v", c.job)
	}
}

func TestNeverReady(t *testing.T) {
	c := &cluster{}
	trial := c.trial(t)
	trial.Timeout = time.Second
	trial.WhyNotReady = func(context.Context, string, time.Time) string { return "it has no cheese" }
	err := trial.Run(t.Context(), "shop", "hello", template)
	const want = "it is not ready after 1s: it has no cheese"
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
	if c.job != nil {
		t.Errorf("the trial has left %v", c.job)
	}
}

func TestOthersGone(t *testing.T) {
	c := &cluster{draining: 2}
	if err := c.trial(t).OthersGone(t.Context(), "shop", "hello"); err != nil || c.draining > 0 {
		t.Errorf("error %v, and old Pods were asked for %d times too few", err, c.draining)
	}
}

// Whoever interrupts the wait is not told that it took too long.
func TestInterrupted(t *testing.T) {
	ctx, interrupt := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer interrupt()
	err := (&cluster{draining: 1000}).trial(t).OthersGone(ctx, "shop", "hello")
	if err == nil || strings.Contains(err.Error(), "still there") {
		t.Errorf("the error is %v", err)
	}
}
