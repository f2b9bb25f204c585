// Command slow fills its index for 40 seconds before it listens.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	begun := time.Now()
	index := map[string]time.Time{}
	for time.Since(begun) < 40*time.Second {
		now := time.Now()
		index[now.Format(time.StampMilli)] = now
		time.Sleep(20 * time.Millisecond) // as it waits for what it reads
	}
	log.Printf("%d entries after %s", len(index), time.Since(begun))

	base := os.Getenv("BASE_PATH")
	http.HandleFunc("GET "+base+"/healthz", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("GET "+base+"/search", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "found, version %s\n", os.Getenv("VERSION"))
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
