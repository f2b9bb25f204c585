// Command server is each of the two services: it says who answers, and what the one says that it asks, if ASKS tells where.
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("GET /healthz", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, os.Getenv("POD_NAME"))
		if other := os.Getenv("ASKS"); other != "" {
			said, err := http.Get(other)
			if err != nil {
				fmt.Fprintln(w, err)
				return
			}
			defer said.Body.Close()
			_, _ = io.Copy(w, said.Body)
		}
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
