package docs

import (
	"strings"
	"testing"
)

// The README quotes the last benchmark, and its Chinese edition the same figures.
func TestFiguresAreMeasured(t *testing.T) {
	unlessAdopted(t)
	measured, shown := figures(t, "benchmark.md"), figures(t, "../README.md")
	if len(shown) != 3 {
		t.Errorf("README.md shows figures of %d things, want 3", len(shown))
	}
	for what, by := range shown {
		for who, figure := range by {
			got := measured[what][who]
			if got != figure && !strings.HasPrefix(got, figure+" (") {
				t.Errorf("README.md has %q for %q, %q; docs/benchmark.md has %q", figure, what, who, got)
			}
		}
	}

	chinese := read(t, "../README.zh-CN.md").prose
	for _, by := range shown {
		for _, figure := range by {
			if !strings.Contains(chinese, "| "+figure+" |") {
				t.Errorf("README.zh-CN.md lacks the figure %q", figure)
			}
		}
	}
}

// figures returns the cells of the comparison table, by row and column.
func figures(t *testing.T, file string) map[string]map[string]string {
	t.Helper()
	const begins = "\n| | this project |"
	_, rest, found := strings.Cut(read(t, file).prose, begins)
	if !found {
		t.Fatalf("%s has no table that begins with %q", file, begins)
	}
	lines := strings.Split(begins[1:]+rest, "\n")
	columns, rows := cells(lines[0]), map[string]map[string]string{}
	for _, line := range lines[2:] {
		if !strings.HasPrefix(line, "|") {
			break
		}
		row := cells(line)
		by := map[string]string{}
		for i, cell := range row[1:] {
			by[columns[i+1]] = cell
		}
		rows[row[0]] = by
	}
	return rows
}

// cells returns the cells of one row of a table.
func cells(row string) (all []string) {
	for cell := range strings.SplitSeq(strings.TrimSuffix(strings.TrimPrefix(row, "|"), "|"), "|") {
		all = append(all, strings.TrimSpace(cell))
	}
	return all
}
