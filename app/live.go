package main

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html"
	"net/http"
	"strings"
)

// The live view is one page, assembled from these.
var (
	//go:embed live/page.html
	livePage string
	//go:embed live/style.css
	liveStyle string
	//go:embed live/script.js
	liveScript string
)

// livePolicy lets the page use its own style and script, and send requests to this service only.
var livePolicy = strings.Join([]string{
	"default-src 'none'",
	"style-src " + sourceHash(liveStyle),
	"script-src " + sourceHash(liveScript),
	"connect-src 'self'",
	"img-src data:", // its icon
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
	"require-trusted-types-for 'script'",
	"trusted-types 'none'",
}, "; ")

// sourceHash names an inline style or script in a Content-Security-Policy.
func sourceHash(source string) string {
	sum := sha256.Sum256([]byte(source))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// live answers with the page that shows who answers. The page asks its own URL for JSON, so it works below any path.
// Without JavaScript it says what hello says.
func live(self identity) http.Handler {
	page := []byte(strings.NewReplacer(
		"{{style}}", liveStyle,
		"{{script}}", liveScript,
		"{{greeting}}", html.EscapeString(greeting),
		"{{pod}}", html.EscapeString(self.Pod),
		"{{node}}", html.EscapeString(self.Node),
		"{{ip}}", html.EscapeString(self.IP),
	).Replace(livePage))

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Type", "text/html; charset=utf-8")
		header.Set("Content-Security-Policy", livePolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		w.Write(page)
	})
}
