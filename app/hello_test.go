package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestHello(t *testing.T) {
	answer := ask(testServer().public.Handler, "GET", "/hello")
	for _, want := range []string{"<h1>Hello world</h1>", "hello-1", "node-1", "10.0.0.1"} {
		if !strings.Contains(answer.Body.String(), want) {
			t.Errorf("body lacks %s:\n%s", want, answer.Body)
		}
	}
	if got, want := answer.Result().Header.Get("Content-Type"), "text/html; charset=utf-8"; got != want {
		t.Errorf("Content-Type %q, want %q", got, want)
	}
}

func TestHelloEscapes(t *testing.T) {
	page := ask(hello(identity{Pod: "<script>", Node: `"&'`, IP: "<b>"}), "GET", "/").Body.String()
	if strings.Contains(page, "<script>") || !strings.Contains(page, "&lt;script&gt;") || !strings.Contains(page, "&#34;&amp;&#39;") {
		t.Errorf("not escaped:\n%s", page)
	}
}

// BenchmarkHello asks this server and a bare handler in turn, over one loopback connection each, and reports this
// server's speed as a multiple of the bare handler's. It compares medians, which a busy machine hardly moves.
func BenchmarkHello(b *testing.B) {
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "<h1>Hello world</h1>")
	}))
	defer bare.Close()
	full := httptest.NewServer(testServer().public.Handler)
	defer full.Close()

	var bareTook, fullTook []time.Duration
	for b.Loop() {
		bareTook = append(bareTook, timeToGet(b, bare.URL+"/hello"))
		fullTook = append(fullTook, timeToGet(b, full.URL+"/hello"))
	}
	slices.Sort(bareTook)
	slices.Sort(fullTook)
	middle := len(bareTook) / 2
	b.ReportMetric(float64(bareTook[middle])/float64(fullTook[middle]), "×bare")
}

func timeToGet(b *testing.B, url string) time.Duration {
	start := time.Now()
	get(b, url)
	return time.Since(start)
}
