package top

import (
	"errors"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// counts are what a server has answered: since it started, or in some time.
type counts struct {
	answers float64
	errors  float64             // of them, with a status of 5xx
	within  map[float64]float64 // of them, in at most so many seconds
}

// read reads the metrics that a server exports, as app/traffic.go does.
func read(text io.Reader) (counts, error) {
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(text)
	if err != nil {
		return counts{}, err
	}
	if families["http_requests_total"] == nil {
		return counts{}, errors.New("its metrics have no http_requests_total")
	}
	c := counts{within: map[float64]float64{}}
	for _, metric := range families["http_requests_total"].GetMetric() {
		count := metric.GetCounter().GetValue()
		c.answers += count
		for _, label := range metric.GetLabel() {
			if label.GetName() == "code" && strings.HasPrefix(label.GetValue(), "5") {
				c.errors += count
			}
		}
	}
	for _, metric := range families["http_request_duration_seconds"].GetMetric() {
		for _, bucket := range metric.GetHistogram().GetBucket() {
			c.within[bucket.GetUpperBound()] += float64(bucket.GetCumulativeCount())
		}
	}
	return c, nil
}

// since returns what the server has answered since an earlier count. One that has started anew since then counts from 0.
func (c counts) since(before counts) counts {
	if c.answers < before.answers {
		return c
	}
	return c.plus(before, -1)
}

// plus returns the sum with other counts, so many times.
func (c counts) plus(other counts, times float64) counts {
	sum := counts{c.answers + times*other.answers, c.errors + times*other.errors, maps.Clone(c.within)}
	if sum.within == nil {
		sum.within = map[float64]float64{}
	}
	for bound, count := range other.within {
		sum.within[bound] += times * count
	}
	return sum
}

// quantile estimates in how many seconds a share of the requests was answered, the fastest first, as Prometheus'
// histogram_quantile does: a bucket's requests are spread evenly over it. It is NaN if there are none. If they took longer than
// the last bucket, it is that one's bound, and more is ">".
func (c counts) quantile(share float64) (seconds float64, more string) {
	rank := share * c.within[math.Inf(1)]
	if rank == 0 {
		return math.NaN(), ""
	}
	from, below := 0.0, 0.0
	for _, bound := range slices.Sorted(maps.Keys(c.within)) {
		count := c.within[bound]
		switch {
		case count >= rank && math.IsInf(bound, 1):
			return from, ">"
		case count >= rank:
			return from + (bound-from)*(rank-below)/(count-below), ""
		}
		from, below = bound, count
	}
	return math.NaN(), ""
}
