package compare

import (
	"context"
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
		Lines:  []Line{{What: "an edit", Unit: Seconds, Goal: AtMostTimes(1, Ko).And(AtMostTimes(1.25, Floor))}},
		Rounds: 3,
		By:     map[Contender]Turn{Ours: counting(9, 3, 4), Floor: counting(2, 2.5, 3), Ko: counting(5, 3.9, 3.5)},
		Once:   map[Contender]Turn{ByHand: counting(40)},
	}
}

func TestContendersTakeTurns(t *testing.T) {
	var turns []Contender
	note := func(who Contender) Turn {
		return func() ([]float64, error) {
			turns = append(turns, who)
			return []float64{1}, nil
		}
	}
	measured(t, Measurement{
		Lines: []Line{{What: "x"}}, Rounds: 2,
		By:   map[Contender]Turn{Ko: note(Ko), Ours: note(Ours), Floor: note(Floor)},
		Once: map[Contender]Turn{Plain: note(Plain)},
	})
	if want := []Contender{Ours, Floor, Ko, Plain, Ours, Floor, Ko}; !slices.Equal(turns, want) {
		t.Errorf("the turns were %q, want %q", turns, want)
	}
}

func TestMeasureEnds(t *testing.T) {
	m := edits()
	m.By[Ko] = func() ([]float64, error) { return nil, errors.New("no registry") }
	if _, err := m.Measure(context.Background(), io.Discard); err == nil || err.Error() != "an edit, ko + kubectl: no registry" {
		t.Errorf("a failure is reported as %v", err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := edits().Measure(ended, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("after its end it reports %v", err)
	}
}

// Ratios are to the floor, or to ours where there is none.
func TestTable(t *testing.T) {
	rows := measured(t, edits())
	rows = append(rows, measured(t, Measurement{
		Lines: []Line{{What: "image", Unit: Megabytes, Goal: AtMost(8, Megabytes)}}, Rounds: 1,
		By: map[Contender]Turn{Ours: counting(6.5), ByHand: counting(774)},
	})...)
	want := `| | this project | the floor | ko + kubectl | ko + Helm | by hand | plain Pulumi | goal |
|---|---|---|---|---|---|---|---|
| an edit | **1.60 ×** (4.00 s, 3.00–9.00) | 2.50 s (2.00–3.00) | 1.56 × (3.90 s, 3.50–5.00) | – | 16 × (40.0 s) | – | ≤ 1 × ko + kubectl, ≤ 1.25 × the floor ✗ |
| image | **6.50 MB** | – | – | – | 119 × (774 MB) | – | ≤ 8 MB ✓ |
`
	if got := table(rows); got != want {
		t.Errorf("the table is\n%s\nwant\n%s", got, want)
	}
}

func TestGoals(t *testing.T) {
	row := Row{Figures: map[Contender][]float64{Ours: {10}, Floor: {8}}}
	for _, test := range []struct {
		goal Goal
		met  bool
	}{
		{AtMost(10, Seconds), true}, {AtMost(9.9, Seconds), false},
		{AtMostTimes(1.25, Floor), true}, {AtMostTimes(1.24, Floor), false},
		{AtMost(10, Seconds).And(AtMostTimes(1.24, Floor)), false},
	} {
		if got := test.goal.met(row); got != test.met {
			t.Errorf("%s is met: %v, want %v", test.goal.text, got, test.met)
		}
	}
}

func TestPublish(t *testing.T) {
	root, rows := t.TempDir(), measured(t, edits())
	if err := os.Mkdir(filepath.Join(root, "docs"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Publish(root, rows, time.Minute); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "benchmark.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"\n" + table(rows), "transparent huge pages: "} {
		if !strings.Contains(string(page), text) {
			t.Errorf("the page lacks %q: %s", text, page)
		}
	}
}
