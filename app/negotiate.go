package main

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// negotiate answers in the form that the client prefers: text/html, as browsers do, gets the page, application/json
// gets JSON, and everything else gets the plain answer.
//
// Most clients send no Accept header or */*, and the plain answer is quick, so these cost no more than a look-up. For
// the same reason the plain answer has no Vary header; nothing in it allows a cache to keep it.
func negotiate(plain, page, json http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		accept := r.Header["Accept"]
		if len(accept) == 0 || len(accept) == 1 && accept[0] == "*/*" {
			plain.ServeHTTP(w, r)
			return
		}
		header := w.Header()
		header.Set("Vary", "Accept")
		header.Set("Cache-Control", "no-store") // the next answer may come from another Pod
		switch preferred(accept, "text/html", "application/json") {
		case "text/html":
			page.ServeHTTP(w, r)
		case "application/json":
			// A load balancer that spreads connections, not requests, would send each client to the same Pod for good.
			header.Set("Connection", "close")
			json.ServeHTTP(w, r)
		default:
			plain.ServeHTTP(w, r)
		}
	})
}

// preferred returns the offered media type to which the Accept headers give the highest quality, the first of equals,
// or "" if they name none. It ignores wildcards.
func preferred(accept []string, offered ...string) (best string) {
	highest := 0.0
	for entry := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		mediaType, parameters, err := mime.ParseMediaType(entry)
		if err != nil || !slices.Contains(offered, mediaType) {
			continue
		}
		quality := 1.0
		if q, given := parameters["q"]; given {
			quality, _ = strconv.ParseFloat(q, 64) // not a number: 0, which refuses the type
		}
		if quality > highest {
			best, highest = mediaType, quality
		}
	}
	return best
}
