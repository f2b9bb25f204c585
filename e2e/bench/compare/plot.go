package compare

import (
	"bytes"
	_ "embed"
	"html/template"
)

//go:embed plot.svg
var drawing string

// bar is one contender in a panel of the plot.
type bar struct {
	Who    Contender
	Figure string
	Width  float64 // in percent of the panel's longest
	Ours   bool
}

// panel is one row of the table as bars.
type panel struct {
	What string
	Bars []bar
}

// plot draws the rows that most contenders take part in, each to its own scale.
func plot(rows []Row) ([]byte, error) {
	var panels []panel
	for _, row := range rows {
		if len(row.Figures) < 3 {
			continue
		}
		longest := 0.0
		for _, who := range contenders {
			figure, _ := row.median(who)
			longest = max(longest, figure)
		}
		panel := panel{What: row.What}
		for _, who := range contenders {
			if figure, ok := row.median(who); ok {
				panel.Bars = append(panel.Bars, bar{who, row.Unit.format(figure), 100 * figure / longest, who == Ours})
			}
		}
		panels = append(panels, panel)
	}
	layout := template.FuncMap{
		"times": func(a, b float64) float64 { return a * b },
		"plus":  func(a, b int) int { return a + b },
		"top": func(panels []panel) int { // of the panel below those
			height := 0
			for _, panel := range panels {
				height += 44 + 22*len(panel.Bars)
			}
			return height
		},
		"line": func(i int) int { return 34 + 22*i },
	}
	parsed, err := template.New("plot").Funcs(layout).Parse(drawing)
	if err != nil {
		return nil, err
	}
	var svg bytes.Buffer
	err = parsed.Execute(&svg, panels)
	return svg.Bytes(), err
}
