// Package compare has contenders take turns at the same thing, and shows what that gave: a table, and whether our own
// figures meet their goals.
package compare

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Contender is a way to get the server onto the cluster.
type Contender string

const (
	Ours   Contender = "this project"
	Floor  Contender = "the floor" // nothing that does the same with the same tools can take less
	Ko     Contender = "ko + kubectl"
	Helm   Contender = "ko + Helm"
	ByHand Contender = "by hand" // docker build, kind load, kubectl
	Plain  Contender = "plain Pulumi"
)

// contenders are in the order of the table, which is that of their turns.
var contenders = []Contender{Ours, Floor, Ko, Helm, ByHand, Plain}

// Measurement is something that contenders do by turns.
type Measurement struct {
	Lines  []Line // of the table, one for each figure that a turn gives
	Rounds int
	By     map[Contender]Turn // those that can
	Once   map[Contender]Turn // those that are slow, in the first round only
}

// Turn does the thing once, and returns a figure for each line, or for the first ones.
type Turn func() ([]float64, error)

// Line says what a figure is of.
type Line struct {
	What string
	Unit Unit
	Goal Goal
}

// Row is a line with all its figures.
type Row struct {
	Line
	Figures map[Contender][]float64
}

// Measure has the contenders take turns until ctx ends, and reports each turn on out.
func (m Measurement) Measure(ctx context.Context, out io.Writer) ([]Row, error) {
	rows := make([]Row, len(m.Lines))
	for i, line := range m.Lines {
		rows[i] = Row{line, map[Contender][]float64{}}
		fmt.Fprintf(out, "  %s\n", line.What)
	}
	for round := range m.Rounds {
		for _, who := range contenders {
			turn := m.By[who]
			if turn == nil && round == 0 {
				turn = m.Once[who]
			}
			if turn == nil {
				continue
			}
			if ctx.Err() != nil {
				return rows, fmt.Errorf("%s: %w", m.Lines[0].What, context.Cause(ctx))
			}
			figures, err := turn()
			if err != nil {
				return rows, fmt.Errorf("%s, %s: %w", m.Lines[0].What, who, err)
			}
			var said []string
			for i, figure := range figures {
				rows[i].Figures[who] = append(rows[i].Figures[who], figure)
				said = append(said, rows[i].Unit.format(figure)+" "+string(rows[i].Unit))
			}
			fmt.Fprintf(out, "    %d/%d  %-12s  %s\n", round+1, m.Rounds, who, strings.Join(said, ", "))
		}
	}
	return rows, nil
}

// median of a contender's figures; ok is false if it took no part.
func (r Row) median(who Contender) (median float64, ok bool) {
	sorted := slices.Sorted(slices.Values(r.Figures[who]))
	n := len(sorted)
	if n == 0 {
		return 0, false
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2, true
}
