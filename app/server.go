package main

import (
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// Limits on what a client may take of the server's time and memory. Each phase of a connection has one.
const (
	readTimeout  = 5 * time.Second  // to send the request: one limit for headers and body, as the server needs no body
	writeTimeout = 10 * time.Second // from the end of the headers to the last byte of the answer
	headerLimit  = 16 << 10         // bytes; net/http grants 4 KiB on top

	// Let the reverse proxy close idle connections: the server could close one just as the proxy sends the next request down
	// it, and the visitor would see a 502. Traefik keeps idle connections for 90 s, AWS load balancers for 60 s.
	idleTimeout = 2 * time.Minute
)

// server holds the public and the admin HTTP server, and what they share.
type server struct {
	settings settings
	log      *slog.Logger
	ready    atomic.Bool
	draining atomic.Bool
	public   *http.Server
	admin    *http.Server
}

func newServer(settings settings, log *slog.Logger) *server {
	s := &server{settings: settings, log: log}
	traffic := newTraffic(log)
	self := settings.self
	if settings.hidden {
		self = anonymous()
	}
	whoami := whoami(self, time.Now(), traffic.requests)
	routes := publicRoutes(settings.basePath, negotiate(hello(self), live(self), whoami), whoami)
	s.public = newHTTPServer(traffic.measure(closeIf(&s.draining, routes)), log)
	s.public.ConnState = newConnections(mostConnections()).note
	s.admin = newHTTPServer(adminRoutes(&s.ready, traffic), log)
	return s
}

func newHTTPServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    headerLimit,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// publicRoutes puts whoami at <basePath>/whoami and hello at basePath and everything else below it.
// http.ServeMux does the rest: 404 elsewhere (/hellox is not below /hello), 405 with Allow for methods other
// than GET and HEAD, and a redirect to the clean form of a path with //, . or .. in it.
func publicRoutes(basePath string, hello, whoami http.Handler) http.Handler {
	mux := http.NewServeMux()
	below := strings.TrimSuffix(basePath, "/") + "/"
	mux.Handle("GET "+basePath, hello)
	if below != basePath {
		mux.Handle("GET "+below, hello)
	}
	mux.Handle("GET "+below+"whoami", whoami)
	return mux
}
