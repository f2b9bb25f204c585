package supply

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// Look is how progress is shown. The zero Look is that of a file or a pipe: a
// line when a step begins, and one when it has ended. scripts/look.sh is the
// same for scripts.
type Look struct {
	// Terminal shows a line for each step that has ended, and below them those
	// that are under way.
	Terminal bool
	// Colour marks with colours what a terminal shows.
	Colour bool
}

// LookOf returns the Look for what is written to file.
func LookOf(file *os.File) Look {
	info, err := file.Stat()
	kind := os.Getenv("TERM")
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0 && kind != "" && kind != "dumb"
	return Look{Terminal: terminal, Colour: terminal && os.Getenv("NO_COLOR") == ""}
}

// Select Graphic Rendition of ECMA-48.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

func (l Look) colour(how, text string) string {
	if !l.Colour {
		return text
	}
	return "\x1b[" + how + "m" + text + "\x1b[0m"
}

// Error is the line that an error ends the command with.
func (l Look) Error(err error) string {
	return l.colour(bold+";"+red, "error:") + " " + err.Error()
}

// ended is the line of a step that has ended.
func (l Look) ended(mark, how, text string) string {
	if !l.Terminal {
		return "  " + text + "\n"
	}
	return "  " + l.colour(how, mark) + " " + text + "\n"
}

// underWay is the line of a step that runs.
func (l Look) underWay(text string) string {
	if !l.Terminal {
		return "  " + text + "\n"
	}
	return "  " + l.colour(dim, "· "+text) + "\n"
}

// replaced is what has a terminal write lines that stay, and those of what is
// under way, in place of the last ones that it shows. Of what is under way it
// shows the beginning if a line is wider than the terminal, so that it is one.
func replaced(last int, stay, underWay string) string {
	const keepsLinesWhole, wrapsLines = "\x1b[?7l", "\x1b[?7h"
	if last > 0 {
		stay = fmt.Sprintf("\x1b[%dA\x1b[J", last) + stay
	}
	if underWay == "" {
		return stay
	}
	return stay + keepsLinesWhole + underWay + wrapsLines
}

// Span is a duration as people say it.
func Span(d time.Duration) string {
	text := d.Round(time.Second).String()
	if whole, ok := strings.CutSuffix(text, "m0s"); ok {
		return whole + "m"
	}
	return text
}
