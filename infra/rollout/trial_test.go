package rollout

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/hello-world/infra/internal/standin"
)

// cluster stands in for a cluster's API: it knows one Job, whose Pod becomes ready at once if it may, and answers.
type cluster struct {
	mutex   sync.Mutex
	job     map[string]any // nil if there is none
	made    map[string]any // the last one that was made
	checked map[string]any // the last one that was only checked
	ready   bool
	status  int
	ended   bool   // the Pod has
	refused string // why there is none
	mayNot  bool   // create Jobs
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
		if c.mayNot {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"message": "jobs.batch is forbidden: User \"looks\" cannot create resource \"jobs\""}`)
			return
		}
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
		case selector == "hello-world/trial-of=hello" && c.job != nil && c.ended:
			fmt.Fprint(w, `{"items":[{"metadata":{"name":"hello-trial-x"},"status":{"phase":"Failed","containerStatuses":[
				{"name":"web","state":{"terminated":{"exitCode":2,"reason":"Error","message":"panic: no cheese"}}}]}}]}`)
		default:
			fmt.Fprint(w, "{}")
		}
	case "GET /api/v1/namespaces/shop/events":
		event, err := json.Marshal(map[string]any{
			"involvedObject": map[string]string{"kind": "Job", "name": "hello-trial"}, "type": "Warning", "reason": "FailedCreate", "message": c.refused,
			"lastTimestamp": time.Now().Add(time.Second).UTC().Format(time.RFC3339),
		})
		if err != nil {
			panic(err)
		}
		if c.refused == "" {
			event = nil
		}
		fmt.Fprintf(w, `{"items":[%s]}`, event)
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
	return Trial{
		Watch: Watch{Cluster: standin.Reached(t, server), Namespace: "shop", Name: "hello", NoRestarts: true, Say: func(string) {}},
		Port:  8080, Path: "/hello", Status: 200, Timeout: 5 * time.Second,
	}
}

var template = map[string]any{
	"metadata": map[string]any{"labels": map[string]any{"app": "hello"}},
	"spec":     map[string]any{"containers": []any{map[string]any{"name": "hello", "image": "new", "lifecycle": map[string]any{"preStop": "10s"}}}, "terminationGracePeriodSeconds": 30},
}

// A preview asks, and starts nothing.
func TestChecked(t *testing.T) {
	c := &cluster{}
	if err := c.trial(t).Check(t.Context(), template); err == nil || !strings.Contains(err.Error(), "Job.batch is invalid") {
		t.Errorf("it says %v", err)
	}
	if c.job != nil || c.checked == nil {
		t.Errorf("it checked %v and started %v", c.checked, c.job)
	}
	if err := (&cluster{mayNot: true}).trial(t).Check(t.Context(), template); err != nil {
		t.Errorf("to whom may not create Jobs, it says %v", err)
	}
	elsewhere := c.trial(t)
	elsewhere.Namespace = "missing"
	if err := elsewhere.Check(t.Context(), template); err != nil {
		t.Errorf("before the namespace is there: %v", err)
	}
}

func TestPassed(t *testing.T) {
	c := &cluster{job: map[string]any{"left": "by a killed run"}, ready: true, status: 200}
	if err := c.trial(t).Run(t.Context(), template); err != nil {
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
	err := c.trial(t).Run(t.Context(), template)
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
	err := trial.Run(t.Context(), template)
	if err == nil || err.Error() != "it is not ready after 1s" {
		t.Errorf("the error is %v", err)
	}
	if c.job != nil {
		t.Errorf("the trial has left %v", c.job)
	}
}

// Nobody restarts the Pod of a trial.
func TestEnded(t *testing.T) {
	c := &cluster{ended: true}
	err := c.trial(t).Run(t.Context(), template)
	if err == nil || err.Error() != "it cannot get ready: web ended with exit code 2 (Error)\npanic: no cheese" {
		t.Errorf("the error is %v", err)
	}
}

// The Job says in an event that it may not create its Pod.
func TestRefused(t *testing.T) {
	c := &cluster{refused: "is forbidden: exceeded quota: small"}
	err := c.trial(t).Run(t.Context(), template)
	if err == nil || err.Error() != "it cannot get ready: is forbidden: exceeded quota: small" {
		t.Errorf("the error is %v", err)
	}
}
