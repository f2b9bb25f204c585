package main

import (
	"fmt"
	"net/http"
)

// rehearse answers the request that everybody makes before anybody can make it: a version that fails at its first
// request ends here, with the reason as its last words, and never gets one of a visitor's. A panic is passed on.
func (s *server) rehearse() error {
	request, err := http.NewRequest(http.MethodGet, s.settings.basePath, nil)
	if err != nil {
		return err
	}
	answer := &rehearsal{header: http.Header{}, status: http.StatusOK}
	s.public.Handler.ServeHTTP(answer, request)
	if answer.status != http.StatusOK {
		return fmt.Errorf("GET %s would be answered with status %d", s.settings.basePath, answer.status)
	}
	return nil
}

// rehearsal is an answer that nobody sees.
type rehearsal struct {
	header http.Header
	status int
}

func (r *rehearsal) Header() http.Header            { return r.header }
func (r *rehearsal) Write(body []byte) (int, error) { return len(body), nil }
func (r *rehearsal) WriteHeader(status int)         { r.status = status }
