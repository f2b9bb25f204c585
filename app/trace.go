package main

import (
	"log/slog"
	"net/http"
	"regexp"
)

// traceparent is the header by which W3C Trace Context passes a trace on: version, trace, span and flags.
var traceparent = regexp.MustCompile(`^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)`)

// traceOf returns the id of the trace that a request belongs to, for its line of the log; nothing if it tells none.
func traceOf(r *http.Request) slog.Attr {
	found := traceparent.FindStringSubmatch(r.Header.Get("Traceparent"))
	if found == nil || found[1] == "00000000000000000000000000000000" {
		return slog.Attr{}
	}
	return slog.String("trace_id", found[1])
}
