package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// run rehearses, serves on both listeners until stop is done, then drains so that no request is lost:
//
//  1. For settings.drainDelay all goes on, but for connections, which clients are asked to renew. Kubernetes has taken the
//     Pod out of the Service's ready endpoints when it told it to stop; proxies and nodes learn of that one by one. The
//     Pod stays ready, so that where it is the only one, requests go on coming to it until another one is there.
//  2. Readiness goes off, the public listener closes, and requests in flight have settings.shutdownTimeout to finish.
//  3. The admin server stops last, so that the kubelet and Prometheus can watch all of this.
//
// The error is nil after a clean drain. It is not when a server failed or the deadline cut requests off.
func (s *server) run(stop context.Context, public, admin net.Listener) error {
	// The deferred calls run in reverse order. On the way out of a clean drain only the admin server is left to close.
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

// closeIf asks clients to open a new connection, which while draining leads to another Pod. Without it, a proxy or a
// client with keep-alive connections would send down them until Shutdown closes them under its hands.
func closeIf(draining *atomic.Bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if draining.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
