package main

import (
	"fmt"
	"net/http"
)

// rehearse answers the most common request before a visitor can make it: a version that fails at its first request ends
// here, with the reason as its last words, and never gets a visitor's. It does not recover a panic.
func (s *server) rehearse() error {
	request, err := http.NewRequest(http.MethodGet, s.settings.basePath, nil)
	if err != nil {
		return err
	}
	answer := &rehearsal{header: http.Header{}, status: http.StatusOK}
	s.public.Handler.ServeHTTP(answer, request)
	if answer.status != http.StatusOK {
		return fmt.Errorf("GET %s would answer with status %d", s.settings.basePath, answer.status)
	}
	return nil
}

// rehearsal keeps the status of an answer, and discards its body.
type rehearsal struct {
	header http.Header
	status int
}

func (r *rehearsal) Header() http.Header            { return r.header }
func (r *rehearsal) Write(body []byte) (int, error) { return len(body), nil }
func (r *rehearsal) WriteHeader(status int)         { r.status = status }
