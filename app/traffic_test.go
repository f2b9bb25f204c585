package main

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

func TestMetrics(t *testing.T) {
	s := testServer()
	for _, request := range []string{"GET /hello", "GET /hello/whoami", "GET /nowhere", "POST /hello", "GET //hello"} {
		method, path, _ := strings.Cut(request, " ")
		ask(s.public.Handler, method, path)
	}
	answer := ask(s.admin.Handler, "GET", "/metrics")
	if got := answer.Header().Get("Content-Type"); !strings.HasPrefix(got, "text/plain; version=0.0.4") {
		t.Errorf("Content-Type %q", got)
	}
	for _, want := range []string{
		`http_requests_total{code="200"} 2`,
		`http_requests_total{code="404"} 1`,
		`http_requests_total{code="405"} 1`,
		`http_requests_total{code="307"} 1`,
		"http_requests_in_flight 0",
		"# TYPE http_request_duration_seconds histogram",
		`http_request_duration_seconds_bucket{le="10"} 5`,
		`http_request_duration_seconds_bucket{le="+Inf"} 5`,
		"http_request_duration_seconds_count 5",
		`build_info{version="` + version + `",go="go1.`,
		"go_goroutines ",
		"process_resident_memory_bytes ",
	} {
		if !strings.Contains(answer.Body.String(), "\n"+want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	if t.Failed() {
		t.Log(answer.Body)
	}
}

func TestRequestsInFlight(t *testing.T) {
	traffic := newTraffic(slog.New(slog.DiscardHandler))
	ask(traffic.measure(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if got := traffic.inFlight.Get(); got != 1 {
			t.Errorf("%v in flight, want 1", got)
		}
	})), "GET", "/")
	if got := traffic.inFlight.Get(); got != 0 {
		t.Errorf("%v in flight, want 0", got)
	}
}

func TestPanicCountsAs500(t *testing.T) {
	traffic := newTraffic(slog.New(slog.DiscardHandler))
	func() {
		defer func() { recover() }() // as net/http does
		ask(traffic.measure(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("!") })), "GET", "/")
	}()
	var text bytes.Buffer
	traffic.writeTo(&text)
	for _, want := range []string{`http_requests_total{code="500"} 1`, "http_requests_in_flight 0"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("metrics lack %s:\n%s", want, &text)
		}
	}
}

func TestRequestsAreLoggedOnlyForDebugging(t *testing.T) {
	for level, lines := range map[slog.Level]int{slog.LevelInfo: 0, slog.LevelDebug: 1} {
		var log bytes.Buffer
		s := newServer(testSettings, slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: level})))
		ask(s.public.Handler, "GET", "/hello")
		if got := strings.Count(log.String(), "\n"); got != lines {
			t.Errorf("%s: %d lines, want %d:\n%s", level, got, lines, &log)
		}
	}
}
