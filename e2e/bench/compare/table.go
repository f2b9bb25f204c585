package compare

import (
	"fmt"
	"strings"
)

// table is the medians in Markdown, those of others with how many times ours they
// are.
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

func (r Row) cell(who Contender) string {
	figure, ok := r.median(who)
	if !ok {
		return "–"
	}
	text := r.Unit.format(figure)
	if our, ok := r.median(Ours); ok && who != Ours && our > 0 {
		text += fmt.Sprintf(" (%s ×)", factor(figure/our))
	}
	if who == Ours {
		text = "**" + text + "**"
	}
	return text
}

func factor(f float64) string {
	if f < 10 {
		return fmt.Sprintf("%.2g", f)
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

// figures is everything that was measured, in Markdown.
func figures(rows []Row) string {
	var text strings.Builder
	for _, row := range rows {
		fmt.Fprintf(&text, "- %s:", row.What)
		separator := ""
		for _, who := range contenders {
			if len(row.Figures[who]) == 0 {
				continue
			}
			fmt.Fprintf(&text, "%s %s", separator, who)
			separator = ";"
			for _, figure := range row.Figures[who] {
				fmt.Fprintf(&text, " %s", strings.TrimSuffix(row.Unit.format(figure), " "+string(row.Unit)))
			}
			fmt.Fprintf(&text, " %s", row.Unit)
		}
		text.WriteString("\n")
	}
	return text.String()
}
