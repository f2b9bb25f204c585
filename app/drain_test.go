package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A drain on a real network. It waits for events, so it takes no longer than it must: the delay is over once the server
// refuses connections.
func TestDrainOverTCP(t *testing.T) {
	s := testServer()
	s.settings.drainDelay = 500 * time.Millisecond
	slow := holdBack(s)
	public, admin := listen(t), listen(t)
	hello := "http://" + public.Addr().String() + "/hello"
	ready := "http://" + admin.Addr().String() + "/readyz"

	stop, signal := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.run(stop, public, admin) }()
	waitFor(t, ready, http.StatusOK)

	slowAnswer := make(chan string, 1)
	go func() {
		_, body := get(t, hello+"/slow")
		slowAnswer <- body
	}()
	<-slow.begun

	signal()
	closing := false
	for { // the server answers new requests until the listener closes
		answer, err := http.Get(hello)
		if err != nil {
			break
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK || closing && !answer.Close {
			t.Fatalf("while draining: status %d, Connection: close %t, want 200, true", answer.StatusCode, answer.Close)
		}
		closing = answer.Close // as soon as the signal has come through
	}
	if !closing {
		t.Error("no answer asked for a new connection")
	}
	waitFor(t, ready, http.StatusServiceUnavailable) // the admin server still answers
	close(slow.release)
	if body := <-slowAnswer; !strings.Contains(body, "Hello world") {
		t.Errorf("the request in flight got %q", body)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := http.Get(ready); err == nil {
		t.Error("the admin server outlives the drain")
	}
}

// The same to the second: in a synctest bubble, time passes only when everything waits.
func TestDrainTimeline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := testServer() // delay 5 s, timeout 10 s
		slow := holdBack(s)
		public, admin := newPipeListener(), newPipeListener()
		stop, signal := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.run(stop, public, admin) }()
		synctest.Wait()

		go public.get("/hello/slow")
		<-slow.begun
		signal()
		synctest.Wait()
		time.Sleep(5*time.Second - 1)
		if status, _ := admin.get("/readyz"); status != 200 { // if this is the only Pod, requests still come here
			t.Errorf("in the last moment of the delay: /readyz answers %d, want 200", status)
		}
		if status, err := public.get("/hello"); status != 200 {
			t.Errorf("in the last moment of the delay: status %d, %v, want 200", status, err)
		}
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		if status, err := public.get("/hello"); !errors.Is(err, net.ErrClosed) {
			t.Errorf("after the delay: status %d, %v, want a closed listener", status, err)
		}
		if status, _ := admin.get("/readyz"); status != 503 {
			t.Errorf("after the delay: /readyz answers %d, want 503", status)
		}
		time.Sleep(3 * time.Second)
		if status, err := admin.get("/healthz"); status != 200 {
			t.Errorf("while a request is in flight: /healthz answers %d, %v, want 200", status, err)
		}
		released := time.Now()
		close(slow.release)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if took := time.Since(released); took > time.Second { // http.Server.Shutdown looks every half second
			t.Errorf("ended %s after the last request, want at most 1s", took)
		}
	})
}

func TestDrainDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := testServer()
		slow := holdBack(s)
		defer close(slow.release)
		public, admin := newPipeListener(), newPipeListener()
		stop, signal := context.WithCancel(t.Context())
		cutOff := make(chan error, 1)
		go func() {
			synctest.Wait()
			_, err := public.get("/hello/slow")
			cutOff <- err
		}()
		go func() {
			<-slow.begun
			signal()
		}()
		begin := time.Now()
		err := s.run(stop, public, admin)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "SHUTDOWN_TIMEOUT=10s") {
			t.Errorf("ended with %v, want the deadline named", err)
		}
		if took := time.Since(begin); took != 15*time.Second {
			t.Errorf("ended after %s, want delay and timeout: 15s", took)
		}
		if err := <-cutOff; err == nil {
			t.Error("the request in flight was answered")
		}
	})
}

func TestServingFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		public, admin := newPipeListener(), newPipeListener()
		public.Close()
		if err := testServer().run(t.Context(), public, admin); !errors.Is(err, net.ErrClosed) {
			t.Errorf("ended with %v, want %v", err, net.ErrClosed)
		}
	})
}

type heldBack struct{ begun, release chan struct{} }

// holdBack makes the public server say when a request for /hello/slow has begun, and hold it until released.
func holdBack(s *server) heldBack {
	held := heldBack{make(chan struct{}), make(chan struct{})}
	next := s.public.Handler
	s.public.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hello/slow" {
			close(held.begun)
			<-held.release
		}
		next.ServeHTTP(w, r)
	})
	return held
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// pipeListener is a network inside the process: real sockets would stop a synctest bubble's clock.
type pipeListener struct {
	connections chan net.Conn
	closed      context.Context
	close       context.CancelFunc
}

func newPipeListener() pipeListener {
	closed, cancel := context.WithCancel(context.Background())
	return pipeListener{make(chan net.Conn), closed, cancel}
}

func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case connection := <-l.connections:
		return connection, nil
	case <-l.closed.Done():
		return nil, net.ErrClosed
	}
}

func (l pipeListener) Close() error   { l.close(); return nil }
func (l pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// get sends one request down a connection of its own.
func (l pipeListener) get(path string) (status int, err error) {
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			select {
			case l.connections <- there:
				return here, nil
			case <-l.closed.Done():
				return nil, net.ErrClosed
			}
		},
	}}
	answer, err := client.Get("http://pipe" + path)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, err
}
