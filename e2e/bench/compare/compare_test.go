package compare

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// counting is a turn whose figures are the next of a list.
func counting(figures ...float64) Turn {
	return func() ([]float64, error) {
		next := figures[0]
		figures = figures[1:]
		return []float64{next}, nil
	}
}

func measured(t *testing.T, m Measurement) []Row {
	t.Helper()
	rows, err := m.Measure(context.Background(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func edits() Measurement {
	return Measurement{
		Lines:  []Line{{What: "an edit", Unit: Seconds, Goal: AtMostTimes(1, Ko).And(AtMostTimes(0.1, ByHand))}},
		Rounds: 3,
		By:     map[Contender]Turn{Ours: counting(9, 3, 4), ByHand: counting(40, 39, 50), Ko: counting(3, 3.9, 3.5)},
	}
}

func TestContendersTakeTurns(t *testing.T) {
	var turns []Contender
	m := Measurement{Lines: []Line{{What: "x"}}, Rounds: 2, By: map[Contender]Turn{}}
	for _, who := range []Contender{Ko, Ours, ByHand} {
		m.By[who] = func() ([]float64, error) {
			turns = append(turns, who)
			return []float64{1}, nil
		}
	}
	measured(t, m)
	if want := []Contender{Ours, ByHand, Ko, Ours, ByHand, Ko}; !slices.Equal(turns, want) {
		t.Errorf("the turns were %q, want %q", turns, want)
	}
}

func TestMeasureEnds(t *testing.T) {
	m := edits()
	m.By[ByHand] = func() ([]float64, error) { return nil, errors.New("no Docker") }
	if _, err := m.Measure(context.Background(), io.Discard); err == nil || err.Error() != "an edit, by hand: no Docker" {
		t.Errorf("a failure is reported as %v", err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := edits().Measure(ended, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("after its end it reports %v", err)
	}
}

func TestTable(t *testing.T) {
	rows := measured(t, edits())
	rows = append(rows, measured(t, Measurement{
		Lines: []Line{{What: "image", Unit: Megabytes, Goal: AtMost(8, Megabytes)}}, Rounds: 2,
		By: map[Contender]Turn{Ours: counting(6, 7), ByHand: counting(774, 774)},
	})...)
	want := `| | this project | without preview | by hand | plain Pulumi | ko + kubectl | goal |
|---|---|---|---|---|---|---|
| an edit | **4.00 s** | – | 40.0 s (10 ×) | – | 3.50 s (0.88 ×) | ≤ 1 × ko + kubectl, ≤ 0.1 × by hand ✗ |
| image | **6.50 MB** | – | 774 MB (119 ×) | – | – | ≤ 8 MB ✓ |
`
	if got := table(rows); got != want {
		t.Errorf("the table is\n%s\nwant\n%s", got, want)
	}
	if got, want := figures(rows[:1]), "- an edit: this project 9.00 3.00 4.00 s; by hand 40.0 39.0 50.0 s; ko + kubectl 3.00 3.90 3.50 s\n"; got != want {
		t.Errorf("the figures are\n%s\nwant\n%s", got, want)
	}
}

func TestGoals(t *testing.T) {
	row := Row{Figures: map[Contender][]float64{Ours: {10}, ByHand: {100}}}
	for _, test := range []struct {
		goal Goal
		met  bool
	}{
		{AtMost(10, Seconds), true}, {AtMost(9.9, Seconds), false},
		{AtMostTimes(0.1, ByHand), true}, {AtMostTimes(0.09, ByHand), false},
		{AtLeastTimes(0.1, ByHand), true}, {AtLeastTimes(0.11, ByHand), false},
		{AtMost(10, Seconds).And(AtMostTimes(0.09, ByHand)), false},
	} {
		if got := test.goal.met(row); got != test.met {
			t.Errorf("%s is met: %v, want %v", test.goal.text, got, test.met)
		}
	}
}

func TestPlot(t *testing.T) {
	svg, err := plot(measured(t, edits()))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"an edit", "this project", "40.0 s", `class="ours"`} {
		if !bytes.Contains(svg, []byte(text)) {
			t.Errorf("the plot lacks %q", text)
		}
	}
	for decoder := xml.NewDecoder(bytes.NewReader(svg)); ; {
		if _, err := decoder.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestPublish(t *testing.T) {
	root, rows := t.TempDir(), measured(t, edits())
	if err := Publish(root, rows, time.Minute); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "benchmark.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "\n"+table(rows)+"\n") {
		t.Errorf("the page lacks the table: %s", page)
	}
	if _, err := os.Stat(filepath.Join(root, "docs", "benchmark.svg")); err != nil {
		t.Error(err)
	}
}
