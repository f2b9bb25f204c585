package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// latencyBuckets are upper bounds in seconds. The greeting takes microseconds; the last ones show a starved Pod.
var latencyBuckets = []float64{
	.00001, .000025, .00005, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10,
}

// traffic counts and times the requests on the public port.
type traffic struct {
	log      *slog.Logger
	set      *metrics.Set
	answered atomic.Uint64
	ok       *metrics.Counter
	inFlight *metrics.Gauge
	duration *metrics.PrometheusHistogram
}

func newTraffic(log *slog.Logger) *traffic {
	metrics.ExposeMetadata(true) // # TYPE lines
	set := metrics.NewSet()
	set.NewGauge(fmt.Sprintf("build_info{version=%q,go=%q}", version, runtime.Version()), func() float64 { return 1 })
	return &traffic{
		log:      log,
		set:      set,
		ok:       set.NewCounter(requestsWith(http.StatusOK)),
		inFlight: set.NewGauge("http_requests_in_flight", nil),
		duration: set.NewPrometheusHistogramExt("http_request_duration_seconds", latencyBuckets),
	}
}

func requestsWith(status int) string { return fmt.Sprintf(`http_requests_total{code="%d"}`, status) }

// requests returns the number of requests answered so far, whatever the answer was.
func (t *traffic) requests() uint64 { return t.answered.Load() }

// writeTo writes these metrics, the Go runtime's and the process's in Prometheus text format.
func (t *traffic) writeTo(w io.Writer) {
	t.set.WritePrometheus(w)
	metrics.WriteProcessMetrics(w)
	metrics.WriteFDMetrics(w)
}

// measure wraps the handler of the public port.
func (t *traffic) measure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		answer := &statusWriter{ResponseWriter: w}
		t.inFlight.Inc()
		defer func() { // also when the handler panics
			t.inFlight.Dec()
			t.count(answer, r, time.Since(start))
		}()
		next.ServeHTTP(answer, r)
	})
}

func (t *traffic) count(answer *statusWriter, r *http.Request, took time.Duration) {
	if answer.status == 0 {
		answer.status = http.StatusInternalServerError // the handler panicked before it wrote: net/http cuts the connection
	}
	t.answered.Add(1)
	t.duration.Update(took.Seconds())
	if answer.status == http.StatusOK {
		t.ok.Inc() // no look-up by name on the hot path
	} else {
		t.set.GetOrCreateCounter(requestsWith(answer.status)).Inc()
	}
	if ctx := r.Context(); t.log.Enabled(ctx, slog.LevelDebug) {
		t.log.DebugContext(ctx, "request", "method", r.Method, "path", r.URL.Path, "status", answer.status,
			"took", took, "remote", r.RemoteAddr, traceOf(r))
	}
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(body []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(body)
}

// Unwrap gives http.ResponseController the methods that this type hides.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
