package load

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// TestReport sends requests to a server that misbehaves in every way that counts.
func TestReport(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch asked.Add(1) {
		case 3:
			w.WriteHeader(http.StatusBadGateway)
		case 5:
			w.Write([]byte("who?"))
		case 7:
			panic(http.ErrAbortHandler)
		case 9:
			time.Sleep(200 * time.Millisecond)
			fallthrough
		default:
			w.Write([]byte("hello"))
		}
	}))
	defer server.Close()

	stream := Start(server.URL, "hello", 100)
	for asked.Load() < 20 {
		time.Sleep(time.Millisecond)
	}
	report := stream.Stop()

	// If a reused connection breaks before the first byte of the answer, net/http sends
	// the GET again, as browsers do: the server may have seen one more.
	if seen := int(asked.Load()); report.Requests < seen-1 || report.Requests > seen {
		t.Errorf("it reports %d requests, the server saw %d", report.Requests, seen)
	}
	if report.Bad < 2 || report.Bad > 3 {
		t.Errorf("it reports %d bad answers: %v", report.Bad, report.Causes)
	}
	if report.Causes["502 Bad Gateway"] != 1 || report.Causes["another body"] != 1 {
		t.Errorf("it reports the causes %v", report.Causes)
	}
	if report.Took <= 0 {
		t.Errorf("it sent %d requests within %s", report.Requests, report.Took)
	}
	if report.Slowest < 200*time.Millisecond {
		t.Errorf("the slowest took %s, the server slept 200 ms", report.Slowest)
	}
}
