package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestPublicRoutes(t *testing.T) {
	const page, who, none = "<h1>Hello world</h1>", `"pod":"hello-1"`, "404 page not found"
	for _, test := range []struct {
		basePath, method, path string
		status                 int
		body                   string
	}{
		{"/hello", "GET", "/hello", 200, page},
		{"/hello", "GET", "/hello/", 200, page},
		{"/hello", "GET", "/hello/x/y", 200, page},
		{"/hello", "GET", "/hello?x=1", 200, page},
		{"/hello", "HEAD", "/hello", 200, ""},
		{"/hello", "GET", "/hello/whoami", 200, who},
		{"/hello", "GET", "/hello/whoami/", 200, page},
		{"/hello", "GET", "/hellox", 404, none},
		{"/hello", "GET", "/", 404, none},
		{"/hello", "GET", "/whoami", 404, none},
		{"/hello", "GET", "/HELLO", 404, none},
		{"/hello", "GET", "/hello%2Fx", 404, none},      // an escaped slash does not end a segment
		{"/hello", "GET", "/hello/%2e%2e/x", 200, page}, // nor does an escaped .. lead up
		{"/hello", "GET", "/hello/../../etc/passwd", 307, "/etc/passwd"},
		{"/hello", "GET", "//hello", 307, "/hello"},
		{"/hello", "GET", "//evil.example/../hello", 307, "/hello"}, // never to another host
		{"/hello", "GET", "/hello/x%00", 200, page},
		{"/hello", "POST", "/hello", 405, "Method Not Allowed"},
		{"/hello", "DELETE", "/hello/x", 405, "Method Not Allowed"},
		{"/hello", "BREW", "/hello/whoami", 405, "Method Not Allowed"},
		{"/hello", "POST", "/hellox", 404, none},
		{"/hello", "GET", "/healthz", 404, none}, // the admin port's business
		{"/hello", "GET", "/metrics", 404, none},

		{"/", "GET", "/", 200, page},
		{"/", "GET", "/x", 200, page},
		{"/", "GET", "/whoami", 200, who},
		{"/", "PUT", "/", 405, "Method Not Allowed"},

		{"/a/b", "GET", "/a/b/c", 200, page},
		{"/a/b", "GET", "/a/b/whoami", 200, who},
		{"/a/b", "GET", "/a", 404, none},
	} {
		handler := publicRoutes(test.basePath, hello(testSettings.self), whoami(testSettings.self, time.Now(), func() uint64 { return 0 }))
		answer := ask(handler, test.method, test.path)
		body := answer.Body.String() + answer.Header().Get("Location")
		if answer.Code != test.status || test.method != "HEAD" && !strings.Contains(body, test.body) {
			t.Errorf("base path %s: %s %s answers %d %q, want %d %q",
				test.basePath, test.method, test.path, answer.Code, body, test.status, test.body)
		}
		if allow := answer.Header().Get("Allow"); answer.Code == http.StatusMethodNotAllowed && allow != "GET, HEAD" {
			t.Errorf("base path %s: %s %s allows %q, want GET, HEAD", test.basePath, test.method, test.path, allow)
		}
	}
}

// The limits protect only if both servers have them all, and the idle timeout must exceed Traefik's 90 s.
func TestEveryPhaseIsLimited(t *testing.T) {
	s := testServer()
	for name, server := range map[string]*http.Server{"public": s.public, "admin": s.admin} {
		if server.ReadHeaderTimeout <= 0 || server.ReadTimeout <= 0 || server.WriteTimeout <= 0 || server.MaxHeaderBytes <= 0 {
			t.Errorf("%s: a limit is missing: %+v", name, server)
		}
		if server.IdleTimeout <= 90e9 {
			t.Errorf("%s: idle timeout %s", name, server.IdleTimeout)
		}
	}
}
