package main

import (
	"fmt"
	"html"
	"net/http"
)

const greeting = "Hello world"

// pageFormat takes the greeting, the Pod, its node and its IP.
const pageFormat = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>%[1]s</title>
<h1>%[1]s</h1>
<p>Answered by Pod <b>%s</b> on node <b>%s</b> with IP <b>%s</b>.</p>
</html>
`

// hello greets, and says who answered. The page never changes while the process lives, so it is made once.
//
// It sets no header: net/http derives Content-Type from the doctype and Content-Length from the body. To make and copy a
// header map would take longer than the rest of this server's code.
func hello(self identity) http.Handler {
	page := fmt.Appendf(nil, pageFormat, html.EscapeString(greeting),
		html.EscapeString(self.Pod), html.EscapeString(self.Node), html.EscapeString(self.IP))

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write(page) })
}
