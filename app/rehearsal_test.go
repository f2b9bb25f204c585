package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestRehearsal(t *testing.T) {
	s := testServer()
	if err := s.rehearse(); err != nil {
		t.Errorf("a server that works: %v", err)
	}

	s.public.Handler = http.NotFoundHandler()
	public, admin := listen(t), listen(t)
	if err := s.run(t.Context(), public, admin); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("a server that answers 404 to every request runs, and ends with %v", err)
	}

	s.public.Handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("no cheese") })
	defer func() {
		if cause := recover(); cause != "no cheese" {
			t.Errorf("a server that panics at its first request goes on; recovered %v", cause)
		}
	}()
	s.rehearse()
}
