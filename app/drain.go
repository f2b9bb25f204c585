package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// run rehearses, serves on both listeners until stop is done, then drains without losing a request:
//
//  1. For settings.drainDelay it keeps serving, and asks clients to renew their connections. With the signal, Kubernetes took
//     the Pod out of the Service's ready endpoints; proxies and nodes learn of that one by one. The Pod stays ready: if it is
//     the only one, it still gets the requests until another one is there.
//  2. Readiness goes off, the public listener closes, and requests in flight have settings.shutdownTimeout to finish.
//  3. The admin server stops last, so that the kubelet and Prometheus can watch all of this.
//
// It returns nil after a clean drain, an error if a server failed or the deadline cut requests off.
func (s *server) run(stop context.Context, public, admin net.Listener) error {
	// After a clean drain, only the admin server is left to close.
	defer s.admin.Close()
	defer s.public.Close()

	if err := s.rehearse(); err != nil {
		return err
	}
	failed := make(chan error, 2)
	go func() { failed <- s.admin.Serve(admin) }()
	go func() { failed <- s.public.Serve(public) }()
	s.ready.Store(true)

	select {
	case <-stop.Done():
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	}
	s.draining.Store(true)
	s.log.Info("draining", "delay", s.settings.drainDelay.String(), "timeout", s.settings.shutdownTimeout.String())

	select {
	case <-time.After(s.settings.drainDelay):
	case err := <-failed:
		return fmt.Errorf("serving while draining: %w", err)
	}
	s.ready.Store(false)
	deadline, cancel := context.WithTimeout(context.Background(), s.settings.shutdownTimeout)
	defer cancel()
	if err := s.public.Shutdown(deadline); err != nil {
		return fmt.Errorf("requests cut off after SHUTDOWN_TIMEOUT=%s: %w", s.settings.shutdownTimeout, err)
	}
	s.log.Info("drained")
	return nil
}

// closeIf asks clients to open a new connection, which leads to another Pod while this one drains. Without it, they would
// use their keep-alive connections until Shutdown closes these in mid-request.
func closeIf(draining *atomic.Bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if draining.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
