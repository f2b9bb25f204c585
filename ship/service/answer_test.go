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
		_, err := Answer(t.Context(), server.URL+test.path, 0, test.served)
		if err == nil || !strings.Contains(err.Error(), "404 Not Found") || strings.Contains(err.Error(), "BASE_PATH") != test.want {
			t.Errorf("%s, served %v: it says %v", test.path, test.served, err)
		}
	}
	server.Close()
	if _, err := Answer(t.Context(), server.URL+"/shop", 0, true); err == nil || strings.Contains(err.Error(), "BASE_PATH") {
		t.Errorf("of a server that is down it says %v", err)
	}
}
