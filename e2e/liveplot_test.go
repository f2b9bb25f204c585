//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/load"
)

// plots are what the page plots.
type plots struct {
	Rate, Median float64 // now, as a text says
	Most         float64 // requests a second
	Lines        int     // of the least plot
	Places       string  // where they are, and what is below
}

func (l *liveView) plots(t *testing.T) plots {
	t.Helper()
	return drive.Evaluate[plots](t, l.Browser, `(() => {
		const number = of => Number.parseFloat(document.querySelector(of).textContent.replaceAll(',', '')) || 0;
		const lines = [...document.querySelectorAll('figure path')].map(path => (path.getAttribute('d') ?? '').split('L').length - 1);
		const places = [...document.querySelectorAll('#trends, figcaption, figure svg, #picture')].map(element => {
			const { left, top, width } = element.getBoundingClientRect();
			return [left, top, width].map(Math.round);
		});
		return { rate: number('#rates span'), most: number('#rates small'), median: number('#times span'), lines: Math.min(...lines), places: JSON.stringify(places) };
	})()`)
}

// testPlots sends load, and finds it on the plots and in their text. They move nothing when they appear.
func testPlots(t *testing.T) {
	const perSecond = 50
	watched(t, 3)
	l := &liveView{hello.Last(), drive.Open(t, hello.Last().URL)}
	l.Resize(t, desktop.width, desktop.height, pixels)
	empty := l.plots(t)
	requests := load.Start(l.URL, "Hello world", perSecond)
	defer requests.Stop()
	l.eventually(t, "plots of the load", func(t *testing.T, _ view) bool {
		now := l.plots(t)
		return now.Rate > .8*perSecond && now.Rate < 2*perSecond && now.Most >= now.Rate && now.Median > 0 && now.Lines > 2
	})
	if full := l.plots(t); empty.Lines != 0 || full.Places != empty.Places {
		t.Errorf("with %d lines, the places are %s, and with %d %s", empty.Lines, empty.Places, full.Lines, full.Places)
	}
	for _, name := range []string{"Requests a second: ", "Milliseconds to answer: "} {
		if found := l.Accessible(t); !slices.ContainsFunc(found, func(a drive.Accessible) bool {
			return a.Role == "image" && strings.HasPrefix(a.Name, name) && strings.Contains(a.Name, "at most")
		}) {
			t.Errorf("a screen reader finds no plot %q, but %+v", name, found)
		}
	}
	requests.Stop()
	l.eventually(t, "plots without the load", func(t *testing.T, _ view) bool {
		now := l.plots(t)
		return now.Rate < perSecond/2 && now.Most > perSecond/2
	})
	if complaints := l.Complaints(); len(complaints) > 0 {
		t.Errorf("the browser complains: %q", complaints)
	}
}
