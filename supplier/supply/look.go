package supply

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// Look says how to show progress. The zero Look is for a file or a pipe: a line when a
// step begins, and one when it has ended. scripts/look.sh does the same for scripts.
type Look struct {
	// Terminal shows a line for each step that has ended, and below them the steps that
	// are under way.
	Terminal bool
	// Colour adds colours to a terminal's marks.
	Colour bool
}

// LookOf returns the Look for output to file.
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

// Error returns the command's last line if it fails.
func (l Look) Error(err error) string {
	return l.colour(bold+";"+red, "error:") + " " + err.Error()
}

// ended returns the line of a step that has ended.
func (l Look) ended(mark, how, text string) string {
	if !l.Terminal {
		return "  " + text + "\n"
	}
	return "  " + l.colour(how, mark) + " " + text + "\n"
}

// underWay returns the line of a step under way.
func (l Look) underWay(text string) string {
	if !l.Terminal {
		return "  " + text + "\n"
	}
	return "  " + l.colour(dim, "· "+text) + "\n"
}

// replaced returns what makes a terminal replace its last lines with lines that stay, and
// below them what is under way. It cuts lines under way at the terminal's width, so that
// each stays one line.
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

// Span formats a duration in whole seconds, such as 2m or 2m4s.
func Span(d time.Duration) string {
	text := d.Round(time.Second).String()
	if whole, ok := strings.CutSuffix(text, "m0s"); ok {
		return whole + "m"
	}
	return text
}
