// Package ext stands where Traefik's own module of this path does, which is in
// its repository but not published: what a variant of Traefik adds to the
// configuration, which is nothing.
package ext

// HTTP adds nothing to the configuration of HTTP.
type HTTP struct{}

// Router adds nothing to a router.
type Router struct{}
