package main

import (
	"bufio"
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Whatever a client sends, the server answers, and never with an error of its own.
func FuzzRequest(f *testing.F) {
	for _, request := range []string{
		"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /hello/whoami HTTP/1.1\r\nHost: a\r\nAccept: application/json;q=0.5, text/html;q=x\r\n\r\n",
		"POST //hello/../%2e%2e HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc",
		"OPTIONS * HTTP/1.1\r\nHost: a\r\nAccept: */*, ;q=, text/*;q=1.5\r\n\r\n",
		"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
	} {
		f.Add([]byte(request))
	}
	handler := newServer(testSettings, slog.New(slog.DiscardHandler)).public.Handler
	f.Fuzz(func(t *testing.T, raw []byte) {
		request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if err != nil {
			return // net/http answers it
		}
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, request)
		if response.Code >= http.StatusInternalServerError {
			t.Errorf("%q is answered with %d", raw, response.Code)
		}
	})
}
