// Package load sends a constant stream of requests to the service and counts every answer that a user would not want.
package load

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

// limit ends a stream that was not stopped.
const limit = 10 * time.Minute

// patience is how long a request may take before it counts as bad: up to 7 s were seen on a slow machine that is busy, and by default
// Traefik gives up a connection after 30 s.
const patience = 25 * time.Second

// Connections is how many keep-alive connections the requests share.
const Connections = 16

// Stream is a constant stream of requests under way.
type Stream struct {
	attacker *vegeta.Attacker
	done     chan struct{}
	report   Report
}

// Report says how the service answered.
type Report struct {
	// Requests is how many were sent, Bad how many were not answered with status 200 and the wanted text.
	Requests, Bad int
	// Took is the time from the first request to the last. It is longer than the rate
	// says if all connections had to wait for answers.
	Took time.Duration
	// Slowest is the longest time from sending a request to its whole answer.
	Slowest time.Duration
	// Causes counts the bad answers by what was wrong.
	Causes map[string]int
	// Lasted is the time from the first bad answer to the last.
	Lasted time.Duration

	first, firstBad time.Time
}

func (r Report) String() string {
	return fmt.Sprintf("%d requests in %.1f s, %d bad %v, slowest %d ms",
		r.Requests, r.Took.Seconds(), r.Bad, r.Causes, r.Slowest.Milliseconds())
}

// Start sends perSecond GET requests a second to url, on keep-alive connections, until Stop. An answer without text is bad.
func Start(url, text string, perSecond int) *Stream {
	s := &Stream{
		attacker: vegeta.NewAttacker(
			vegeta.Workers(Connections), vegeta.MaxWorkers(Connections),
			vegeta.Connections(Connections), vegeta.MaxConnections(Connections),
			vegeta.Timeout(patience),
		),
		done:   make(chan struct{}),
		report: Report{Causes: map[string]int{}},
	}
	target := vegeta.NewStaticTargeter(vegeta.Target{Method: http.MethodGet, URL: url})
	results := s.attacker.Attack(target, vegeta.Rate{Freq: perSecond, Per: time.Second}, limit, "")
	go func() {
		defer close(s.done)
		for result := range results {
			s.report.add(result, []byte(text))
		}
	}()
	return s
}

// Stop ends the stream, waits for the answers under way, and reports. You can call it again.
func (s *Stream) Stop() Report {
	s.attacker.Stop()
	<-s.done
	return s.report
}

func (r *Report) add(result *vegeta.Result, text []byte) {
	r.Requests++
	if r.first.IsZero() {
		r.first = result.Timestamp
	}
	r.Took = max(r.Took, result.Timestamp.Sub(r.first))
	r.Slowest = max(r.Slowest, result.Latency)
	cause := result.Error
	switch {
	case cause != "":
	case result.Code != http.StatusOK:
		cause = fmt.Sprintf("status %d", result.Code)
	case !bytes.Contains(result.Body, text):
		cause = "another body"
	default:
		return
	}
	r.Bad++
	r.Causes[cause]++
	if r.firstBad.IsZero() {
		r.firstBad = result.Timestamp
	}
	r.Lasted = result.End().Sub(r.firstBad)
}
