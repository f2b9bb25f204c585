package main

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// negotiate answers in the form that the client prefers: browsers, which ask for text/html, get the page, who asks
// for application/json gets that, and everybody else plain.
//
// Most clients ask for nothing or for anything (*/*), and the plain answer is quick, so those cost a look-up and no
// more. For the same reason the plain answer has no Vary header; nothing in it allows a cache to keep it.
func negotiate(plain, page, json http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		accept := r.Header["Accept"]
		if len(accept) == 0 || len(accept) == 1 && accept[0] == "*/*" {
			plain.ServeHTTP(w, r)
			return
		}
		header := w.Header()
		header.Set("Vary", "Accept")
		header.Set("Cache-Control", "no-store") // the next answer may be another Pod's
		switch preferred(accept, "text/html", "application/json") {
		case "text/html":
			page.ServeHTTP(w, r)
		case "application/json":
			// A load balancer that spreads connections rather than requests would lead each client to one Pod for good.
			header.Set("Connection", "close")
			json.ServeHTTP(w, r)
		default:
			plain.ServeHTTP(w, r)
		}
	})
}

// preferred is the one of the offered media types to which the Accept headers give the highest quality, the first of
// equals, or "" if they name none. Wildcards name none.
func preferred(accept []string, offered ...string) (best string) {
	highest := 0.0
	for entry := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		mediaType, parameters, err := mime.ParseMediaType(entry)
		if err != nil || !slices.Contains(offered, mediaType) {
			continue
		}
		quality := 1.0
		if q, given := parameters["q"]; given {
			quality, _ = strconv.ParseFloat(q, 64) // 0, which refuses it, if it is no number
		}
		if quality > highest {
			best, highest = mediaType, quality
		}
	}
	return best
}
