package main

import (
	"encoding/json"
	"net/http"
)

// identity tells this Pod from the others.
type identity struct {
	Pod  string `json:"pod"`
	Node string `json:"node"`
	IP   string `json:"ip"`
}

// whoami answers with the identity as JSON, together with the version and how many requests were answered
// before this one.
func whoami(self identity, requests func() uint64) http.Handler {
	type answer struct {
		identity
		Version  string `json:"version"`
		Requests uint64 `json:"requests"`
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store") // each answer is another one
		json.NewEncoder(w).Encode(answer{self, version, requests()})
	})
}
