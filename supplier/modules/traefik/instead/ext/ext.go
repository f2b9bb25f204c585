// Package ext replaces Traefik's module of this path, which is in its repository but not published. It holds what a variant of
// Traefik adds to the configuration: nothing.
package ext

// HTTP adds nothing to the configuration of HTTP.
type HTTP struct{}

// Router adds nothing to a router.
type Router struct{}
