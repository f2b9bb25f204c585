// Command answer waits until a URL answers with 200, and prints the answer. `make up` and `make status` end with it, so
// they need no curl.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// routed is how long an Ingress controller may take to hear of an Ingress, which it answers with 404 until then.
const routed = 20 * time.Second

func main() {
	patience := flag.Duration("patience", 2*time.Minute, "how long to keep asking; a Service takes a moment to reach every node")
	served := flag.Bool("served", false, "the Pods are ready and the Ingress is there, so that a 404 is the server's")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: answer [-patience DURATION] [-served] URL")
		os.Exit(2)
	}
	body, err := wait(flag.Arg(0), *patience, *served)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	fmt.Println(body)
}

// errNotFound is an answer of 404.
var errNotFound = errors.New("404 Not Found")

func wait(address string, patience time.Duration, served bool) (string, error) {
	deadline, since := time.Now().Add(patience), time.Now()
	for ; ; time.Sleep(200 * time.Millisecond) {
		body, err := get(address)
		notFound := served && errors.Is(err, errNotFound)
		if !notFound {
			since = time.Now()
		}
		if err == nil || time.Now().After(deadline) || time.Since(since) > routed {
			if notFound {
				err = explained(err, address)
			}
			return body, err
		}
	}
}

// explained says why a server that runs answers 404.
func explained(err error, address string) error {
	parsed, _ := url.Parse(address) // it was asked
	if parsed.Path == "" || parsed.Path == "/" {
		return err
	}
	return fmt.Errorf("%w: the server runs, but does not know the path %s, which reaches it unchanged: have it read BASE_PATH, "+
		"or give it a host of its own, with the keys `host` and `path /`", err, strings.TrimSuffix(parsed.Path, "/"))
}

func get(address string) (string, error) {
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Get(address)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
	case response.StatusCode == http.StatusNotFound:
		err = fmt.Errorf("GET %s: %w", address, errNotFound)
	case response.StatusCode != http.StatusOK:
		err = fmt.Errorf("GET %s: %s", address, response.Status)
	}
	return string(body), err
}
