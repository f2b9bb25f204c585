package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestDefaults(t *testing.T) {
	s, mistakes := readSettings(func(string) string { return "" })
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	if s.self.Pod == "" || s.self.Node == "" || s.self.IP == "" {
		t.Errorf("outside a cluster the host stands in, got %+v", s.self)
	}
	s.self = identity{}
	want := settings{port: 8080, adminPort: 9090, basePath: "/hello", drainDelay: 10 * time.Second,
		shutdownTimeout: 10 * time.Second, logLevel: slog.LevelInfo}
	if s != want {
		t.Errorf("got  %+v\nwant %+v", s, want)
	}
}

func TestAllSettings(t *testing.T) {
	s, mistakes := read(map[string]string{
		"PORT": "9190", "ADMIN_PORT": "9191", "BASE_PATH": "/", "POD_NAME": "hello-1", "NODE_NAME": "node-1",
		"POD_IP": "fd00::1", "DRAIN_DELAY": "0s", "SHUTDOWN_TIMEOUT": "1m30s", "LOG_LEVEL": "debug", "IDENTITY": "hidden",
	})
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	want := settings{port: 9190, adminPort: 9191, basePath: "/", self: identity{"hello-1", "node-1", "fd00::1"},
		hidden: true, shutdownTimeout: 90 * time.Second, logLevel: slog.LevelDebug}
	if s != want {
		t.Errorf("got  %+v\nwant %+v", s, want)
	}
}

func TestBasePaths(t *testing.T) {
	for _, path := range []string{"/", "/a", "/a/b", "/v1.2/~me_and-you"} {
		if s, mistakes := read(map[string]string{"BASE_PATH": path}); s.basePath != path || len(mistakes) > 0 {
			t.Errorf("%s: %v", path, mistakes)
		}
	}
}

func TestRefusedSettings(t *testing.T) {
	for name, values := range map[string][]string{
		"PORT":             {"0", "-1", "65536", "http", "80.0", " 80", "+80", strings.Repeat("9", 10000)},
		"ADMIN_PORT":       {"0", "x", "8080" /* PORT's default */},
		"BASE_PATH":        {"hello", "/hello/", "//", "/a//b", "/a/../b", "/.", "/{x}", "/a b", "/ä", "/a?b", "/a%20b", "/a\n"},
		"POD_IP":           {"localhost", "10.0.0", "10.0.0.1:80"},
		"DRAIN_DELAY":      {"5", "-1s", "soon"},
		"SHUTDOWN_TIMEOUT": {"10", "-1s"},
		"LOG_LEVEL":        {"INFO", "trace", "1"},
		"IDENTITY":         {"no", "Hidden", "true"},
	} {
		for _, value := range values {
			_, mistakes := read(map[string]string{name: value})
			if len(mistakes) != 1 {
				t.Errorf("%s=%q: %d mistakes, want 1: %v", name, value, len(mistakes), mistakes)
				continue
			}
			if message := mistakes[0].Error(); !strings.HasPrefix(message, name+" is ") || !strings.Contains(message, "must be") {
				t.Errorf("%s=%q: %s", name, value, message)
			}
		}
	}
}

func TestEveryMistakeInOneRun(t *testing.T) {
	_, mistakes := read(map[string]string{
		"PORT": "x", "ADMIN_PORT": "x", "BASE_PATH": "x", "POD_IP": "x", "DRAIN_DELAY": "x", "SHUTDOWN_TIMEOUT": "x",
		"LOG_LEVEL": "x",
	})
	if len(mistakes) != 7 {
		t.Errorf("%d mistakes, want 7: %v", len(mistakes), mistakes)
	}
}

func read(environment map[string]string) (settings, []error) {
	return readSettings(func(name string) string { return environment[name] })
}
