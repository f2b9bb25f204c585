// Command server is each of the two services: it says who answers, and what the one says that it asks, if ASKS tells where. With an
// argument, it is the worker or the job instead: it says what it asks, and the worker stays.
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
	if len(os.Args) > 1 {
		for {
			if _, err := http.Get(os.Getenv("ASKS")); err == nil {
				break
			}
			time.Sleep(time.Second)
		}
		fmt.Println(os.Args[1], "asked")
		for os.Args[1] == "work" {
			time.Sleep(time.Hour)
		}
		return
	}
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
