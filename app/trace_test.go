package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
)

// The line of a request has the id of its trace, and nothing that is none.
func TestTraceInLog(t *testing.T) {
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	for header, want := range map[string]string{
		"00-" + trace + "-00f067aa0ba902b7-01":               trace,
		"cc-" + trace + "-00f067aa0ba902b7-01-what the next": trace, // a later version may say more
		"":                                    "",
		"00-" + trace:                         "",
		"00-" + trace + "-00f067aa0ba902b7-0": "",
		"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01": "",
		"00-00000000000000000000000000000000-00f067aa0ba902b7-01": "",
	} {
		var log bytes.Buffer
		traffic := newTraffic(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
		request := httptest.NewRequest(http.MethodGet, "/hello", nil)
		request.Header.Set("Traceparent", header)
		traffic.measure(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), request)
		var line map[string]any
		if err := json.Unmarshal(log.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		got, said := line["trace_id"]
		if said != (want != "") || said && got != want || line["status"] != 404.0 {
			t.Errorf("%q: the log says %s, want the trace %q", header, log.String(), want)
		}
	}
}
