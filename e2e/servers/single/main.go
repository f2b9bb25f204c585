// Command single has one port for all: its page, its health and its metrics, unless METRICS_PORT is theirs. It counts visits in the folder DATA, if that is set.
// With arguments, it only says them.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var visits = promauto.NewCounter(prometheus.CounterOpts{Name: "visits_total", Help: "Pages that were looked at."})

func main() {
	if len(os.Args) > 1 {
		fmt.Println("ran", strings.Join(os.Args[1:], " "))
		return
	}
	if port := os.Getenv("METRICS_PORT"); port != "" {
		go func() { log.Fatal(http.ListenAndServe(":"+port, promhttp.Handler())) }()
	} else {
		http.Handle("GET /metrics", promhttp.Handler())
	}
	http.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("GET "+os.Getenv("BASE_PATH"), func(w http.ResponseWriter, _ *http.Request) {
		visits.Inc()
		fmt.Fprintf(w, "welcome, version %s\n", os.Getenv("VERSION"))
		if folder := os.Getenv("DATA"); folder != "" {
			visit, err := count(filepath.Join(folder, "visits"))
			fmt.Fprintln(w, "visit", visit, err)
		}
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}

// count adds one to the number in a file.
func count(file string) (int, error) {
	text, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		return 0, err
	}
	number, _ := strconv.Atoi(string(text)) // of a new file, 0
	return number + 1, os.WriteFile(file, []byte(strconv.Itoa(number+1)), 0o600)
}
