package main

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestWhoami(t *testing.T) {
	handler := testServer().public.Handler
	for _, path := range []string{"/hello", "/hello/x", "/elsewhere"} {
		ask(handler, "GET", path)
	}
	answer := ask(handler, "GET", "/hello/whoami")
	if got := answer.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q", got)
	}
	var got map[string]any
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"pod": "hello-1", "node": "node-1", "ip": "10.0.0.1", "version": version,
		"greeting": "Hello world", "uptimeSeconds": 0.0, "requests": 3.0}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
