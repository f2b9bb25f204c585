// The server that people write first, without anything around the handler.
package main

import (
	"fmt"
	"log"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "<h1>Hello world</h1>")
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
