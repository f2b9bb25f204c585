package main

import "testing"

func TestHealthAndReadiness(t *testing.T) {
	s := testServer()
	for _, ready := range []bool{false, true, false} {
		s.ready.Store(ready)
		want := map[string]int{"/healthz": 200, "/readyz": 503, "/hello": 404, "/": 404}
		if ready {
			want["/readyz"] = 200
		}
		for path, status := range want {
			if got := ask(s.admin.Handler, "GET", path).Code; got != status {
				t.Errorf("ready %t: %s answers %d, want %d", ready, path, got, status)
			}
		}
	}
	if got := ask(s.admin.Handler, "POST", "/readyz").Code; got != 405 {
		t.Errorf("POST answers %d, want 405", got)
	}
}

func TestNotReadyBeforeItServes(t *testing.T) {
	s := newServer(testSettings, testServer().log)
	if got := ask(s.admin.Handler, "GET", "/readyz").Code; got != 503 {
		t.Errorf("/readyz answers %d, want 503", got)
	}
}
