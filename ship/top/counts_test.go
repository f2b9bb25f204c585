package top

import (
	"math"
	"os"
	"strings"
	"testing"
)

// recorded returns what a server once exported.
func recorded(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/metrics.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRead(t *testing.T) {
	text := strings.Replace(recorded(t), `http_requests_total{code="404"} 5`, `http_requests_total{code="404"} 5
http_requests_total{code="500"} 2
http_requests_total{code="503"} 1`, 1)
	c, err := read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if c.answers != 112 || c.errors != 3 || len(c.within) != 20 || c.within[.00001] != 96 || c.within[math.Inf(1)] != 109 {
		t.Errorf("it reads %+v", c)
	}
	for text, want := range map[string]string{"go_goroutines 9\n": "have no http_requests_total", "<html>": "text format parsing error"} {
		if _, err := read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("of %q it says %v, want %q", text, err, want)
		}
	}
}

// The figures are about what came since the last look, whatever was before it.
func TestSince(t *testing.T) {
	inf := math.Inf(1)
	before := counts{1000, 10, map[float64]float64{.1: 1000, 1: 1000, inf: 1000}}
	after := counts{1100, 15, map[float64]float64{.1: 1050, 1: 1090, inf: 1100}}
	since := after.since(before)
	if since.answers != 100 || since.errors != 5 || since.within[.1] != 50 || since.within[1] != 90 || since.within[inf] != 100 {
		t.Errorf("since then there are %+v", since)
	}
	anew := counts{7, 1, map[float64]float64{.1: 7, 1: 7, inf: 7}}
	if since := anew.since(before); since.answers != 7 || since.errors != 1 || since.within[inf] != 7 {
		t.Errorf("since a server started anew, there are %+v", since)
	}
}

func TestQuantile(t *testing.T) {
	inf := math.Inf(1)
	c := counts{within: map[float64]float64{.1: 50, .2: 90, .5: 90, inf: 100}}
	for share, want := range map[float64]string{.25: "50 ms", .5: "100 ms", .7: "150 ms", .9: "200 ms", .95: ">500 ms", .99: ">500 ms"} {
		if got := c.took(share); got != want {
			t.Errorf("%v took %s, want %s", share, got, want)
		}
	}
	for want, c := range map[string]counts{
		none:     {},
		"5.0 µs": {within: map[float64]float64{.00001: 100, inf: 100}},
		"1.5 s":  {within: map[float64]float64{1: 0, 2: 100, inf: 100}},
	} {
		if got := c.took(.5); got != want {
			t.Errorf("half of %v took %s, want %s", c, got, want)
		}
	}
}
