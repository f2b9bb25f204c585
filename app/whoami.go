package main

import (
	"encoding/json"
	"net/http"
	"time"
)

// identity tells this Pod from the others.
type identity struct {
	Pod  string `json:"pod"`
	Node string `json:"node"`
	IP   string `json:"ip"`
}

// whoami answers with the identity as JSON, together with the version and its greeting, how long ago the process
// started, in whole seconds by its own clock, and how many requests were answered before this one.
func whoami(self identity, started time.Time, requests func() uint64) http.Handler {
	type answer struct {
		identity
		Version       string `json:"version"`
		Greeting      string `json:"greeting"`
		UptimeSeconds int64  `json:"uptimeSeconds"`
		Requests      uint64 `json:"requests"`
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store") // each answer is another one
		json.NewEncoder(w).Encode(answer{self, version, greeting, int64(time.Since(started).Seconds()), requests()})
	})
}
