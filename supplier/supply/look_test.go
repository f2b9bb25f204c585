package supply

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"example.com/hello-world/supplier/progress"
)

// told returns what a Supplier of this look writes about an artefact that cannot be
// downloaded and takes 90 seconds to build, and about one that is already there.
func told(t *testing.T, look progress.Style) string {
	var out bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		supplier := Supplier{Out: &out, Style: look, Logs: t.TempDir()}
		there := Artefact{Name: "kind v1", Present: func(context.Context) (bool, error) { return true, nil }}
		missing := Artefact{
			Name:        "kubectl v1",
			TypicalTime: 2 * time.Minute,
			Present:     func(context.Context) (bool, error) { return false, nil },
			Download: func(context.Context, io.Writer, func(string)) error {
				return fmt.Errorf("dl.k8s.io: %w", ErrNoRoute)
			},
			Build: func(context.Context, io.Writer) error {
				time.Sleep(89*time.Second + 500*time.Millisecond)
				return nil
			},
		}
		for _, artefact := range []Artefact{there, missing} {
			if err := supplier.Supply(t.Context(), artefact); err != nil {
				t.Error(err)
			}
		}
	})
	return out.String()
}

// A file gets a line as soon as a step begins, and nothing but text.
func TestLinesForAFile(t *testing.T) {
	const want = `  kind v1: already there
  kubectl v1: downloading
  kubectl v1: dl.k8s.io: no route to the publisher
  kubectl v1: building from source, usually 2m
  kubectl v1: building, 1m so far, usually 2m
  kubectl v1: built in 1m30s
`
	if got := told(t, progress.Style{}); got != want {
		t.Errorf("it says\n%swant\n%s", got, want)
	}
}

// On a terminal each step leaves one line, and the one under way shows its time each second.
func TestLinesForATerminal(t *testing.T) {
	const want = `  ! kubectl v1: dl.k8s.io: no route to the publisher
  ✓ kubectl v1: built in 1m30s
`
	said := told(t, progress.Style{Terminal: true})
	if got := screen(t, said); got != want {
		t.Errorf("the terminal shows\n%swant\n%s", got, want)
	}
	for _, second := range []string{"0s", "1s", "59s", "1m", "1m29s"} {
		if line := "\x1b[?7l  · kubectl v1: building, " + second + " so far, usually 2m\n\x1b[?7h"; !strings.Contains(said, line) {
			t.Errorf("the terminal never shows %q", line)
		}
	}
	if strings.Contains(said, "\x1b[0m") {
		t.Errorf("there are colours: %q", said)
	}
}

func TestColours(t *testing.T) {
	said := told(t, progress.Style{Terminal: true, Colour: true})
	for _, words := range []string{"\x1b[32m✓\x1b[0m kubectl v1: built", "\x1b[33m!\x1b[0m kubectl v1: dl.k8s.io", "\x1b[2m· kubectl v1: building"} {
		if !strings.Contains(said, words) {
			t.Errorf("it lacks %q: %q", words, said)
		}
	}
}

// Steps of two lanes do not write over each other's lines.
func TestConcurrentStepsOnATerminal(t *testing.T) {
	var out bytes.Buffer
	supplier := Supplier{Out: &out, Style: progress.Style{Terminal: true}}
	first, second := supplier.begin("first", "", ""), supplier.begin("second", "", "")
	shown := screen(t, out.String())
	if lines := strings.Split(shown, "\n"); len(lines) != 3 || !strings.HasPrefix(lines[0], "  · first, ") || !strings.HasPrefix(lines[1], "  · second, ") {
		t.Errorf("the terminal shows %q", shown)
	}
	supplier.end(first)
	supplier.Say("first: done")
	supplier.end(second)
	if got, want := screen(t, out.String()), "  ✓ first: done\n"; got != want {
		t.Errorf("the terminal shows %q, want %q", got, want)
	}
}

// screen returns what a terminal shows in the end of output that only moves up and erases from there on.
func screen(t *testing.T, said string) string {
	t.Helper()
	said = strings.NewReplacer("\x1b[?7l", "", "\x1b[?7h", "").Replace(said)
	var lines []string
	for len(said) > 0 {
		var up int
		if n, _ := fmt.Sscanf(said, "\x1b[%dA\x1b[J", &up); n == 1 {
			if up > len(lines) {
				t.Fatalf("%d lines up, of %d", up, len(lines))
			}
			lines = lines[:len(lines)-up]
			_, said, _ = strings.Cut(said, "J")
			continue
		}
		line, rest, whole := strings.Cut(said, "\n")
		if !whole || strings.Contains(line, "\x1b") {
			t.Fatalf("%q is not a line of text", line)
		}
		lines, said = append(lines, line), rest
	}
	return strings.Join(append(lines, ""), "\n")
}

// The longest lines fit a terminal of 80 columns.
func TestLinesFit80Columns(t *testing.T) {
	const longest = "pulumi-resource-kubernetes v4.25.0"
	look := progress.Style{Terminal: true}
	for _, line := range []string{
		look.Missed(longest + ": github.com cannot be reached"),
		look.Ended(longest + ": built in 10m59s"),
		look.UnderWay((&step{what: longest + ": building", usually: ", usually 1m", started: time.Now().Add(-659 * time.Second)}).soFar()),
		progress.Style{}.UnderWay(longest + ": building from source, usually 10m"),
	} {
		if width := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); width > 80 {
			t.Errorf("%d columns: %s", width, line)
		}
	}
}

func TestFailedStepIsNotUnderWay(t *testing.T) {
	var out bytes.Buffer
	supplier := Supplier{Out: &out, Style: progress.Style{Terminal: true}, Logs: t.TempDir()}
	err := supplier.Supply(t.Context(), Artefact{
		Name:    "kubectl v1",
		Present: func(context.Context) (bool, error) { return false, nil },
		Build:   func(context.Context, io.Writer) error { return errors.New("exit status 1") },
	})
	if got := screen(t, out.String()); err == nil || got != "  ! kubectl v1: not found\n" {
		t.Errorf("the terminal shows %q, error %v", got, err)
	}
}
