// Command single has one port for all: its page, its health and its metrics.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var visits = promauto.NewCounter(prometheus.CounterOpts{Name: "visits_total", Help: "Pages that were looked at."})

func main() {
	http.Handle("GET /metrics", promhttp.Handler())
	http.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("GET "+os.Getenv("BASE_PATH"), func(w http.ResponseWriter, _ *http.Request) {
		visits.Inc()
		fmt.Fprintf(w, "welcome, version %s\n", os.Getenv("VERSION"))
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
