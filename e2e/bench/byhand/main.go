// The server that people write first, without anything around the handler. It answers ANSWER.
package main

import (
	"log"
	"net/http"
	"os"
)

func main() {
	answer := []byte(os.Getenv("ANSWER"))
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { w.Write(answer) })
	log.Fatal(http.ListenAndServe(":8080", nil))
}
