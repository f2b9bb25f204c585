package top

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/util/duration"

	"example.com/hello-world/supplier/progress"
)

// view is a look as it is written: lines that fit a width.
type view struct {
	progress.Style
	width int
	lines []string
}

// none stands for what nobody knows.
const none = "–"

// lines returns the look in lines of that width, and at most so many. 0 means no limit.
func (l look) lines(style progress.Style, width, height int) []string {
	v := &view{Style: style, width: width}
	v.add(v.Bold, fmt.Sprintf("stack %s at %s: %s", l.Stack, l.at.Format("15:04:05"), l.URL))
	if l.wrong != nil {
		v.add(v.Bad, "what follows is old: "+l.wrong.Error())
	}
	v.add(nil, "")
	l.addServers(v)
	switch {
	case len(l.pods) > 0:
	case l.Replicas == 0:
		v.add(nil, l.Idle())
	default:
		v.add(v.Bad, "there is no Pod")
	}
	room := math.MaxInt
	if height > 0 {
		const beside = 4 // blank lines and headings
		room = max(2, height-len(v.lines)-beside)
	}
	most := max(min(len(l.events), room-len(l.pods)), min(len(l.events), room/3))
	l.addPods(v, room-most)
	l.addEvents(v, most)
	if height > 0 {
		v.lines = v.lines[:min(height, len(v.lines))]
	}
	return v.lines
}

// add adds a line, cut at the width.
func (v *view) add(style func(string) string, line string) {
	if runes := []rune(line); v.width > 0 && len(runes) > v.width {
		line = string(runes[:v.width-1]) + "…"
	}
	if style != nil {
		line = style(line)
	}
	v.lines = append(v.lines, line)
}

// row is a row of a table.
type row struct {
	style func(string) string
	cells []string
}

// table adds rows with aligned columns. Columns that do not fit are left out, the last ones first.
func (v *view) table(rows []row) {
	widths := make([]int, len(rows[0].cells))
	for _, r := range rows {
		for i, cell := range r.cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	const gap = 2
	fit, used := 0, 0
	for fit < len(widths) && (fit == 0 || v.width == 0 || used+widths[fit] <= v.width) {
		used += widths[fit] + gap
		fit++
	}
	for _, r := range rows {
		var line strings.Builder
		for i, cell := range r.cells[:fit] {
			fmt.Fprintf(&line, "%-*s", widths[i]+gap, cell)
		}
		v.add(r.style, strings.TrimRight(line.String(), " "))
	}
}

func (l look) addServers(v *view) {
	rows := []row{{cells: []string{"SERVER", "READY", "REQUESTS/S", "ERRORS/S", "P50", "P99", "OVER"}}}
	for _, s := range l.servers {
		r := row{cells: []string{s.name, fmt.Sprintf("%d/%d", s.ready, s.wants), none, none, none, none, none}}
		if s.ready < s.wants || s.errors > 0 {
			r.style = v.Bad
		}
		if s.in > 0 {
			errors := rate(s.perSecond(s.errors))
			if s.errors > 0 {
				errors += fmt.Sprintf(" (%s %%)", rate(100*s.errors/s.answers))
			}
			r.cells = append(r.cells[:2], rate(s.perSecond(s.answers)), errors, s.took(.5), s.took(.99), s.in.Round(time.Second).String())
		}
		rows = append(rows, r)
	}
	v.table(rows)
	for _, s := range l.servers {
		if s.lacks != "" {
			v.add(nil, s.name+" has no figures of requests: "+s.lacks)
		}
	}
}

// took says in which time a share of the answers came.
func (c counts) took(share float64) string {
	seconds, more := c.quantile(share)
	if math.IsNaN(seconds) {
		return none
	}
	for _, unit := range []struct {
		name string
		of   float64
	}{{"s", 1}, {"ms", 1e-3}, {"µs", 1e-6}} {
		if seconds >= unit.of {
			return more + rate(seconds/unit.of) + " " + unit.name
		}
	}
	return "0 s"
}

// rate writes a number with at least two digits.
func rate(number float64) string {
	if number < 9.95 && number > 0 {
		return fmt.Sprintf("%.1f", number)
	}
	return fmt.Sprintf("%.0f", number)
}

// addPods adds a heading and at most so many lines.
func (l look) addPods(v *view, most int) {
	if len(l.pods) == 0 {
		return
	}
	rows := []row{{cells: []string{"POD", "STATUS", "RESTARTS", "CPU", "MEMORY", "IMAGE", "AGE", "REQ/S"}}}
	for _, p := range l.pods {
		r := row{cells: []string{p.Name, p.status, p.restarts, none, none, none, p.age, none}}
		if p.illness() > 1 {
			r.style = v.Bad
		}
		if p.usage != nil {
			r.cells[3] = fmt.Sprintf("%dm", p.usage.cpu.MilliValue())
			r.cells[4] = fmt.Sprintf("%dMi", (p.usage.memory.Value()+1<<19)>>20)
		}
		if len(p.Spec.Containers) > 0 {
			if _, digest, found := strings.Cut(p.Spec.Containers[0].Image, "@sha256:"); found {
				r.cells[5] = digest[:min(8, len(digest))]
			}
		}
		if p.in > 0 {
			r.cells[7] = rate(p.perSecond(p.answers))
		}
		rows = append(rows, r)
	}
	more := 0
	if len(l.pods) > most {
		more = len(l.pods) - (most - 1)
		rows = rows[:most]
	}
	v.add(nil, "")
	v.table(rows)
	if more > 0 {
		v.add(nil, fmt.Sprintf("and %d more", more))
	}
}

// addEvents adds a heading and the last events, the newest first.
func (l look) addEvents(v *view, most int) {
	if most == 0 {
		return
	}
	v.add(nil, "")
	v.add(nil, "what happened last:")
	for _, e := range slices.Backward(l.events[len(l.events)-most:]) {
		style := v.Bad
		if e.Type != "Warning" {
			style = nil
		}
		v.add(style, fmt.Sprintf("%5s  %s: %s %s", duration.HumanDuration(l.at.Sub(e.At())), e.InvolvedObject.Name, e.Reason, strings.Join(strings.Fields(e.Message), " ")))
	}
}
