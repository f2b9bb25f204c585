package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
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
	event := func(kind, reason, message string, at time.Time) string {
		return fmt.Sprintf(`{"type":%q,"reason":%q,"message":%q,"lastTimestamp":%q}`, kind, reason, message, at.UTC().Format(time.RFC3339))
	}
	later := since.Add(5 * time.Second)
	cluster := reached(t, httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		if r.URL.Path == "/api/v1/namespaces/hello/events" && r.URL.Query().Get("fieldSelector") == "involvedObject.kind=Pod" {
			fmt.Fprintf(w, `{"items":[%s,%s,%s,%s,%s]}`,
				event("Warning", "Unhealthy", "Liveness probe failed: statuscode: 500", later),
				event("Normal", "Killing", "Container hello failed liveness probe, will be restarted", later.Add(time.Second)),
				event("Normal", "Killing", "Stopping container hello", later),
				event("Normal", "Pulled", "Successfully pulled image", later),
				event("Warning", "Unhealthy", "of the version before", since.Add(-time.Minute)))
			return
		}
		fmt.Fprint(w, "{}")
	})))
	const want = "Container hello failed liveness probe, will be restarted; Liveness probe failed: statuscode: 500"
	if got := whyNotReady(t.Context(), cluster, "hello", began); got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if got := whyNotReady(t.Context(), cluster, "elsewhere", began); got != "" {
		t.Errorf("for a namespace without events it says %q", got)
	}
}
