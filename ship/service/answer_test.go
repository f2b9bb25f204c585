package service

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A server that does not know the path it gets is told apart from one that is down, or that no Ingress leads to.
func TestNotFound(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	for _, test := range []struct {
		path   string
		served bool
		want   bool
	}{{"/shop", true, true}, {"/shop", false, false}, {"/", true, false}} {
		_, err := Service{HealthURL: server.URL + test.path}.Answer(t.Context(), 0, test.served)
		if err == nil || !strings.Contains(err.Error(), "404 Not Found") || strings.Contains(err.Error(), "BASE_PATH") != test.want {
			t.Errorf("%s, served %v: it says %v", test.path, test.served, err)
		}
	}
	server.Close()
	if _, err := (Service{HealthURL: server.URL + "/shop"}).Answer(t.Context(), 0, true); err == nil || strings.Contains(err.Error(), "BASE_PATH") {
		t.Errorf("of a server that is down it says %v", err)
	}
}

// A health page may answer without a word, or lead on.
func TestHealthy(t *testing.T) {
	for code, healthy := range map[int]bool{200: true, 204: true, 302: true, 400: false, 503: false} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "http://login.invalid")
			w.WriteHeader(code)
		}))
		if _, err := (Service{HealthURL: server.URL}).Answer(t.Context(), 0, true); (err == nil) != healthy {
			t.Errorf("%d: the error is %v", code, err)
		}
		server.Close()
	}
}

// A host that no DNS knows yet is asked at the address of its way in.
func TestUnknownHost(t *testing.T) {
	asked := ""
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked = r.Host }))
	defer server.Close()
	at := strings.TrimPrefix(server.URL, "http://")
	s := Service{HealthURL: "http://shop.invalid/", Try: "curl --connect-to ::" + at + " http://shop.invalid/"}
	if _, err := s.Answer(t.Context(), 0, true); err != nil || asked != "shop.invalid" {
		t.Errorf("it was asked for %q, error %v", asked, err)
	}
	s.Try = "curl http://shop.invalid/"
	if _, err := s.Answer(t.Context(), 0, true); err == nil {
		t.Error("it answers without an address")
	}
}
