package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestNegotiation(t *testing.T) {
	const chrome = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
	for _, test := range []struct {
		want   string
		accept []string
	}{
		{"plain", nil},
		{"plain", []string{"*/*"}}, // curl, wget
		{"plain", []string{""}},
		{"plain", []string{"text/plain, */*;q=0.5"}},
		{"plain", []string{"text/html;q=0, */*"}},
		{"plain", []string{"text/html;q=much"}},
		{"plain", []string{"text/htmlx, atext/html, /, ;;, ,"}},
		{"plain", []string{strings.Repeat("text/x,", 1000)}},
		{"page", []string{chrome}},
		{"page", []string{"TEXT/HTML;charset=utf-8"}},
		{"page", []string{"*/*", "text/html"}},
		{"page", []string{"application/json;q=0.9, text/html"}},
		{"page", []string{"text/html, application/json"}},
		{"json", []string{"application/json"}},
		{"json", []string{"application/json, text/plain, */*"}},
		{"json", []string{"text/html;q=0.5,application/json;q=0.7"}},
	} {
		is := func(name string) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, name) })
		}
		answer := askFor(negotiate(is("plain"), is("page"), is("json")), test.accept...)
		if got := answer.Body.String(); got != test.want {
			t.Errorf("Accept: %q answers %s, want %s", test.accept, got, test.want)
		}
	}
}

// A cache must not give one client's answer to another, and each answer may come from another Pod.
func TestNegotiatedAnswersAreNotKept(t *testing.T) {
	for _, accept := range []string{"text/html", "application/json"} {
		header := askFor(testServer().public.Handler, accept).Header()
		if header.Get("Vary") != "Accept" || header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: Vary %q, Cache-Control %q", accept, header.Get("Vary"), header.Get("Cache-Control"))
		}
	}
}

func TestJSONOnTheGreetingsPath(t *testing.T) {
	handler := testServer().public.Handler
	answer := askFor(handler, "application/json")
	who := ask(handler, "GET", "/hello/whoami")
	if got, want := answer.Body.String(), strings.Replace(who.Body.String(), `"requests":1`, `"requests":0`, 1); got != want {
		t.Errorf("got  %swant %s", got, want)
	}
	if got := answer.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q", got)
	}
	// Behind a load balancer, the next answer must be free to come from another Pod.
	if got := answer.Header().Get("Connection"); got != "close" {
		t.Errorf("Connection %q, want close", got)
	}
}

// The plain answer must cost no more than it did before there were others.
func TestNegotiationOfThePlainAnswerAllocatesNothing(t *testing.T) {
	handler := negotiate(hello(testSettings.self), nil, nil)
	for name, accept := range map[string][]string{"no Accept": nil, "*/*": {"*/*"}} {
		request := httptest.NewRequest("GET", "/hello", nil)
		request.Header["Accept"] = accept
		answer := &rehearsal{}
		if allocations := testing.AllocsPerRun(100, func() { handler.ServeHTTP(answer, request) }); allocations > 0 {
			t.Errorf("%s: %v allocations", name, allocations)
		}
	}
}

func askFor(handler http.Handler, accept ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest("GET", "/hello", nil)
	request.Header["Accept"] = accept
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}
