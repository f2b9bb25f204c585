// Package progress shows what a command does: on a terminal with marks and colours, elsewhere a line of text for each step.
package progress

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// Style says how to show progress. The zero Style is for a file or a pipe: a line when a step begins, and one when it has
// ended.
type Style struct {
	// Terminal shows a line for each step that has ended, and below them the steps that are under way.
	Terminal bool
	// Colour adds colours to a terminal's marks.
	Colour bool
}

// StyleOf returns the Style for output to file.
func StyleOf(file *os.File) Style {
	info, err := file.Stat()
	kind := os.Getenv("TERM")
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0 && kind != "" && kind != "dumb"
	return Style{Terminal: terminal, Colour: terminal && os.Getenv("NO_COLOR") == ""}
}

// colour shows text with a Select Graphic Rendition of ECMA-48.
func (s Style) colour(how, text string) string {
	if !s.Colour {
		return text
	}
	return "\x1b[" + how + "m" + text + "\x1b[0m"
}

// Bold makes text stand out.
func (s Style) Bold(text string) string { return s.colour("1", text) }

// Good shows that text is as it should be.
func (s Style) Good(text string) string { return s.colour("32", text) }

// Bad shows that text is not as it should be.
func (s Style) Bad(text string) string { return s.colour("31", text) }

// Error returns the command's last line if it fails.
func (s Style) Error(err error) string { return s.colour("1;31", "error:") + " " + err.Error() }

// Ended returns the line of a step that has ended.
func (s Style) Ended(text string) string { return s.marked(s.Good("✓"), text) }

// Missed returns the line of a step that led nowhere, so that another follows.
func (s Style) Missed(text string) string { return s.marked(s.colour("33", "!"), text) }

func (s Style) marked(mark, text string) string {
	if !s.Terminal {
		return "  " + text + "\n"
	}
	return "  " + mark + " " + text + "\n"
}

// UnderWay returns the line of a step under way.
func (s Style) UnderWay(text string) string {
	if !s.Terminal {
		return "  " + text + "\n"
	}
	return "  " + s.colour("2", "· "+text) + "\n"
}

// Replaced returns what makes a terminal replace its last lines with lines that stay, and below them what is under way. It cuts
// lines under way at the terminal's width, so that each stays one line.
func Replaced(last int, stay, underWay string) string {
	const keepsLinesWhole, wrapsLines = "\x1b[?7l", "\x1b[?7h"
	if last > 0 {
		stay = fmt.Sprintf("\x1b[%dA\x1b[J", last) + stay
	}
	if underWay == "" {
		return stay
	}
	return stay + keepsLinesWhole + underWay + wrapsLines
}

// Printer prints the steps of a command, one after the other.
type Printer struct {
	Out io.Writer
	Style
}

// Begins announces a step that takes a while.
func (p Printer) Begins(format string, args ...any) {
	io.WriteString(p.Out, p.UnderWay(fmt.Sprintf(format, args...)))
}

// Say reports a step that has ended.
func (p Printer) Say(format string, args ...any) {
	io.WriteString(p.Out, p.Ended(fmt.Sprintf(format, args...)))
}

// Span formats a duration in whole seconds, such as 2m or 2m4s.
func Span(d time.Duration) string {
	text := d.Round(time.Second).String()
	if whole, ok := strings.CutSuffix(text, "m0s"); ok {
		return whole + "m"
	}
	return text
}
