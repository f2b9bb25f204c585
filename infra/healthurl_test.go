package main

import (
	"testing"

	"example.com/hello-world/infra/config"
)

func TestHealthURL(t *testing.T) {
	const host = "https://example.com:8443"
	for _, test := range []struct{ path, healthPath, url, want string }{
		{"/hello", "", host + "/hello", host + "/hello"},
		{"/hello", "/hello/health", host + "/hello", host + "/hello/health"},
		{"/hello", "/hello", host + "/hello", host + "/hello"},
		{"/hello", "/hellohealth", host + "/hello", host + "/hello"}, // the Ingress does not lead there
		{"/hello", "/", host + "/hello", host + "/hello"},
		{"/", "/health", host + "/", host + "/health"},
		{"/", "/", host + "/", host + "/"},
		{"/hello", "/hello/health", "", ""}, // has no address yet
	} {
		if got := healthURL(config.Config{Path: test.path, HealthPath: test.healthPath}, test.url); got != test.want {
			t.Errorf("path %s, healthPath %s at %s: got %s, want %s", test.path, test.healthPath, test.url, got, test.want)
		}
	}
}
