// Command abrupt does nothing about signals: it ends as soon as it is told to, whatever it is at.
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	base := os.Getenv("BASE_PATH")
	http.HandleFunc("GET "+base+"/healthz", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("GET "+base+"/offers", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "offers, version %s\n", os.Getenv("VERSION"))
	})
	// An order takes as long as its body says, such as 3s.
	http.HandleFunc("POST "+base+"/orders", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 100))
		if err == nil {
			var takes time.Duration
			takes, err = time.ParseDuration(string(body))
			time.Sleep(takes)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		io.WriteString(w, "ordered\n")
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
