package main

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// identity tells this Pod from the others.
type identity struct {
	Pod  string `json:"pod"`
	Node string `json:"node"`
	IP   string `json:"ip"`
}

// anonymous tells this Pod from the others, and nothing about the cluster.
func anonymous() identity {
	return identity{Pod: "pod-" + strings.ToLower(rand.Text()[:8]), Node: "hidden", IP: "hidden"}
}

// whoami answers in JSON with the identity, the version and its greeting, how many whole seconds ago the process
// started by its own clock, and how many requests it answered before this one.
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
		w.Header().Set("Cache-Control", "no-store") // no two answers are the same
		json.NewEncoder(w).Encode(answer{self, version, greeting, int64(time.Since(started).Seconds()), requests()})
	})
}
