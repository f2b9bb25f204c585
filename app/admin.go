package main

import (
	"io"
	"net/http"
	"sync/atomic"
)

// adminRoutes serve the cluster, not visitors: neither the Service nor the Ingress leads to their port.
//
//   - /healthz: 200 while the process lives
//   - /readyz: 200 while the server takes new requests, 503 before and after
//   - /metrics: Prometheus text
func adminRoutes(ready *atomic.Bool, traffic *traffic) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if !ready.Load() {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		traffic.writeTo(w)
	})
	return mux
}
