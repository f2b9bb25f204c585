package main

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
)

func TestLivePage(t *testing.T) {
	answer := askFor(testServer().public.Handler, "text/html")
	page := answer.Body.String()
	if got, want := answer.Header().Get("Content-Type"), "text/html; charset=utf-8"; answer.Code != 200 || got != want {
		t.Errorf("status %d, Content-Type %q, want 200, %q", answer.Code, got, want)
	}
	for _, want := range []string{"<h1>Hello world</h1>", "<title>Hello world</title>", "hello-1", "node-1", "10.0.0.1"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if len(page) >= 30_000 {
		t.Errorf("the page has %d bytes, want less than 30,000", len(page))
	}
	if strings.Contains(page, "{{") {
		t.Error("the page has a gap that was not filled")
	}
}

// The page needs no other server, and the policy says so: inline code runs because of its hash, and nothing else runs.
func TestLivePageIsSelfContained(t *testing.T) {
	answer := askFor(testServer().public.Handler, "text/html")
	page, policy := answer.Body.String(), answer.Header().Get("Content-Security-Policy")
	for _, element := range []string{"style", "script"} {
		inline := regexp.MustCompile(`(?s)<`+element+`>(.*?)</`+element+`>`).FindAllStringSubmatch(page, -1)
		if len(inline) != 1 {
			t.Fatalf("%d %s elements, want 1", len(inline), element)
		}
		sum := sha256.Sum256([]byte(inline[0][1]))
		if want := element + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"; !strings.Contains(policy, want) {
			t.Errorf("the policy %q lacks %q", policy, want)
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is not strict: %q", policy)
	}
	for _, url := range regexp.MustCompile(`(?:https?:)?//[a-z][^'"\s)]*`).FindAllString(page, -1) {
		if url != "http://www.w3.org/2000/svg" { // the name of SVG, not an address
			t.Errorf("the page names %s", url)
		}
	}
	if inline := regexp.MustCompile(`\s(style|on[a-z]+)=`).FindString(page); inline != "" {
		t.Errorf("the policy forbids the attribute%s", inline)
	}
}

func TestLivePageEscapes(t *testing.T) {
	page := ask(live(identity{Pod: "<script>", Node: `"&'`, IP: "<b>"}), "GET", "/").Body.String()
	if strings.Count(page, "<script>") != 1 || !strings.Contains(page, "&lt;script&gt;") || !strings.Contains(page, "&#34;&amp;&#39;") {
		t.Errorf("not escaped:\n%s", page)
	}
}
