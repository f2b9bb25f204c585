package main

// version names the sources this binary was built from. The Dockerfile sets it with -ldflags to the first
// 12 hex digits of a hash over them, so that the same sources always carry the same version and any edit
// another one. A plain `go build` leaves it at dev.
var version = "dev"
