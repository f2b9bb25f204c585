// Command answer waits until a URL answers with 200, and prints the answer. `make up` and `make status` end with it, so
// they need no curl.
package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

func main() {
	patience := flag.Duration("patience", 2*time.Minute, "how long to keep asking; a Service takes a moment to reach every node")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: answer [-patience DURATION] URL")
		os.Exit(2)
	}
	body, err := wait(flag.Arg(0), *patience)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	fmt.Println(body)
}

func wait(url string, patience time.Duration) (string, error) {
	for deadline := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		body, err := get(url)
		if err == nil || time.Now().After(deadline) {
			return body, err
		}
	}
}

func get(url string) (string, error) {
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s", url, response.Status)
	}
	return string(body), err
}
