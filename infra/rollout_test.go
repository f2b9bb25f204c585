package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestWhyNotReady(t *testing.T) {
	for _, ahead := range []time.Duration{0, 2 * time.Minute, -2 * time.Minute} {
		t.Run("with a clock that is ahead by "+ahead.String(), func(t *testing.T) { testWhyNotReady(t, ahead) })
	}
}

// testWhyNotReady asks a cluster whose clock is ahead of this machine's.
func testWhyNotReady(t *testing.T, ahead time.Duration) {
	began := time.Now()
	since := began.Add(ahead)
	event := func(object, kind, reason, message string, at time.Time) string {
		of, name, _ := strings.Cut(object, "/")
		return fmt.Sprintf(`{"involvedObject":{"kind":%q,"name":%q},"type":%q,"reason":%q,"message":%q,"lastTimestamp":%q}`,
			of, name, kind, reason, message, at.UTC().Format(time.RFC3339))
	}
	later := since.Add(5 * time.Second)
	cluster := reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		switch r.URL.Path {
		case "/api/v1/namespaces/hello/pods":
			fmt.Fprint(w, `{"items":[{"metadata":{"name":"new"}},{"metadata":{"name":"drains","deletionTimestamp":"2026-11-22T11:46:14Z"}},
				{"metadata":{"name":"crashes"},"status":{"containerStatuses":[{"name":"web","state":{"terminated":{"exitCode":2,"reason":"Error","message":"panic: no cheese\n"}}}]}},
				{"metadata":{"name":"serves"},"status":{"conditions":[{"type":"Ready","status":"True"}]}}]}`)
			return
		case "/api/v1/namespaces/hello/events":
			fmt.Fprintf(w, `{"items":[%s,%s,%s,%s,%s,%s,%s,%s,%s]}`,
				event("ReplicaSet/hello-1", "Warning", "FailedCreate", "exceeded quota", later.Add(2*time.Second)),
				event("Pod/drains", "Warning", "Unhealthy", "Readiness probe failed: of an old Pod", later),
				event("Pod/serves", "Warning", "Unhealthy", "Readiness probe failed: for a moment", later),
				event("Pod/crashes", "Warning", "BackOff", "Back-off restarting failed container", later),
				event("Pod/new", "Warning", "Unhealthy", "Liveness probe failed: statuscode: 500", later),
				event("Pod/new", "Normal", "Killing", "Container hello failed liveness probe, will be restarted", later.Add(time.Second)),
				event("Pod/new", "Normal", "Killing", "Stopping container hello", later),
				event("Pod/new", "Normal", "Pulled", "Successfully pulled image", later),
				event("Pod/new", "Warning", "Unhealthy", "of the version before", since.Add(-time.Minute)))
			return
		}
		fmt.Fprint(w, "{}")
	})))
	const want = "web ended with exit code 2 (Error)\npanic: no cheese; exceeded quota; Container hello failed liveness probe, will be restarted; Liveness probe failed: statuscode: 500"
	if got := whyNotReady(t.Context(), cluster, "hello", began); got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if got := whyNotReady(t.Context(), cluster, "elsewhere", began); got != "" {
		t.Errorf("for a namespace without events it says %q", got)
	}
}

func TestUnsaid(t *testing.T) {
	const why = "hello ended with exit code 2 (Error)\npanic: no cheese\n\n\tmain.go:21 +0x25; probe failed"
	if got, want := unsaid(why, "[Pod x]: panic: no cheese\n"), "hello ended with exit code 2 (Error)\nmain.go:21 +0x25; probe failed"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if got := unsaid("probe failed", "[Pod x]: probe failed"); got != "" {
		t.Errorf("it repeats %q", got)
	}
}
