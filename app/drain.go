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
//  1. Readiness goes off. Kubernetes takes the Pod out of the Service's endpoints, but proxies and nodes learn
//     of that one by one, so new requests go on coming, and are served, for settings.drainDelay.
//  2. The public listener closes, and requests in flight have settings.shutdownTimeout to finish.
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
	s.ready.Store(false)
	s.log.Info("draining", "delay", s.settings.drainDelay.String(), "timeout", s.settings.shutdownTimeout.String())

	select {
	case <-time.After(s.settings.drainDelay):
	case err := <-failed:
		return fmt.Errorf("serving while draining: %w", err)
	}
	deadline, cancel := context.WithTimeout(context.Background(), s.settings.shutdownTimeout)
	defer cancel()
	if err := s.public.Shutdown(deadline); err != nil {
		return fmt.Errorf("requests cut off after SHUTDOWN_TIMEOUT=%s: %w", s.settings.shutdownTimeout, err)
	}
	s.log.Info("drained")
	return nil
}

// closeUnlessReady asks clients to open a new connection, which by then leads to another Pod. Without it, a
// proxy or a client with keep-alive connections would send down them until Shutdown closes them under its hands.
func closeUnlessReady(ready *atomic.Bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !ready.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}
