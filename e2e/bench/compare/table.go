package compare

import (
	"fmt"
	"slices"
	"strings"
)

// table is everything that was measured, in Markdown: how many times the floor a contender takes, or ours where there is
// no floor, and in brackets the median with the least and the most.
func table(rows []Row) string {
	var text strings.Builder
	text.WriteString("| |")
	for _, who := range contenders {
		fmt.Fprintf(&text, " %s |", who)
	}
	text.WriteString(" goal |\n|---|" + strings.Repeat("---|", len(contenders)) + "---|\n")
	for _, row := range rows {
		fmt.Fprintf(&text, "| %s |", row.What)
		for _, who := range contenders {
			fmt.Fprintf(&text, " %s |", row.cell(who))
		}
		fmt.Fprintf(&text, " %s |\n", row.verdict())
	}
	return text.String()
}

// cell is such as "**1.9 ×** (1.62 s, 1.42–2.00)".
func (r Row) cell(who Contender) string {
	median, ok := r.median(who)
	if !ok {
		return "–"
	}
	headline := fmt.Sprintf("%s %s", r.Unit.format(median), r.Unit)
	var details []string
	if reference := r.reference(); who != reference {
		base, _ := r.median(reference)
		headline, details = factor(median/base)+" ×", []string{headline}
	}
	if all := r.Figures[who]; len(all) > 1 {
		details = append(details, r.Unit.format(slices.Min(all))+"–"+r.Unit.format(slices.Max(all)))
	}
	if who == Ours {
		headline = "**" + headline + "**"
	}
	if details == nil {
		return headline
	}
	return headline + " (" + strings.Join(details, ", ") + ")"
}

// reference is whose median the others are compared with.
func (r Row) reference() Contender {
	if _, ok := r.median(Floor); ok {
		return Floor
	}
	return Ours
}

func factor(f float64) string {
	if f < 10 {
		return fmt.Sprintf("%.2f", f)
	}
	return fmt.Sprintf("%.0f", f)
}

func (r Row) verdict() string {
	switch {
	case r.Goal.met == nil:
		return "–"
	case r.Goal.met(r):
		return r.Goal.text + " ✓"
	}
	return r.Goal.text + " ✗"
}
