// Command hungry keeps 64 MiB in memory, makes 1 MiB of garbage for each page, and writes long reports to its log.
package main

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"log"
	"net/http"
	"os"
	"time"
)

var kept = bytes.Repeat([]byte("catalogue "), 64<<20/10)

func main() {
	base := os.Getenv("BASE_PATH")
	http.HandleFunc("GET "+base+"/healthz", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("GET "+base+"/page", func(w http.ResponseWriter, _ *http.Request) {
		page := bytes.Clone(kept[:1<<20])
		fmt.Fprintf(w, "a page %x, version %s\n", crc32.ChecksumIEEE(page), os.Getenv("VERSION"))
	})
	http.HandleFunc("POST "+base+"/report", report)
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}

// report writes 15 MB a second for as long as it is told.
func report(w http.ResponseWriter, r *http.Request) {
	lasts, err := time.ParseDuration(r.FormValue("for"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	line := append(bytes.Repeat([]byte("x"), 999), '\n')
	written := 0
	for begun := time.Now(); time.Since(begun) < lasts; time.Sleep(10 * time.Millisecond) {
		for due := int(time.Since(begun).Seconds() * 15e6); written < due; written += len(line) {
			os.Stdout.Write(line)
		}
	}
	fmt.Fprintf(w, "%d MB logged\n", written/1e6)
}
