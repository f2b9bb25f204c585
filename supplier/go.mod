module example.com/hello-world/supplier

go 1.26.6

require (
	github.com/cenkalti/backoff/v5 v5.0.3
	github.com/creack/pty v1.1.24
	github.com/docker/go-units v0.5.0
	github.com/moby/sys/capability v0.4.0
	golang.org/x/mod v0.42.0
	golang.org/x/sync v0.24.0
)
