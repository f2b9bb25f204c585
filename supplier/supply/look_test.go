package supply

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

// told returns what a Supplier of this look writes about an artefact that cannot be
// downloaded and takes 90 seconds to build, and about one that is already there.
func told(t *testing.T, look Look) string {
	var out bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		supplier := Supplier{Out: &out, Look: look, Logs: t.TempDir()}
		there := Artefact{Name: "kind v1", Present: func(context.Context) (bool, error) { return true, nil }}
		missing := Artefact{
			Name:    "kubectl v1",
			Usually: 2 * time.Minute,
			Present: func(context.Context) (bool, error) { return false, nil },
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
	if got := told(t, Look{}); got != want {
		t.Errorf("it says\n%swant\n%s", got, want)
	}
}

// On a terminal each step leaves one line, and the one under way shows its time
// each second.
func TestLinesForATerminal(t *testing.T) {
	const want = `  ! kubectl v1: dl.k8s.io: no route to the publisher
  ✓ kubectl v1: built in 1m30s
`
	said := told(t, Look{Terminal: true})
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
	said := told(t, Look{Terminal: true, Colour: true})
	for _, words := range []string{"\x1b[32m✓\x1b[0m kubectl v1: built", "\x1b[33m!\x1b[0m kubectl v1: dl.k8s.io", "\x1b[2m· kubectl v1: building"} {
		if !strings.Contains(said, words) {
			t.Errorf("it lacks %q: %q", words, said)
		}
	}
	if got, want := (Look{Colour: true}).Error(io.EOF), "\x1b[1;31merror:\x1b[0m EOF"; got != want {
		t.Errorf("an error is %q, want %q", got, want)
	}
	if got := (Look{}).Error(io.EOF); got != "error: EOF" {
		t.Errorf("an error without colours is %q", got)
	}
}

// Steps of two lanes do not write over each other's lines.
func TestConcurrentStepsOnATerminal(t *testing.T) {
	var out bytes.Buffer
	supplier := Supplier{Out: &out, Look: Look{Terminal: true}}
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

// screen returns what a terminal shows in the end of output that only moves up and erases
// from there on.
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
	look := Look{Terminal: true}
	for _, line := range []string{
		look.ended("!", yellow, longest+": github.com cannot be reached"),
		look.ended("✓", green, longest+": built in 10m59s"),
		look.underWay((&step{what: longest + ": building", usually: ", usually 1m", started: time.Now().Add(-659 * time.Second)}).soFar()),
		Look{}.underWay(longest + ": building from source, usually 10m"),
	} {
		if width := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); width > 80 {
			t.Errorf("%d columns: %s", width, line)
		}
	}
}

func TestLookOf(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	device, err := os.Open(os.DevNull) // a device, as a terminal is
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	for _, test := range []struct {
		file          *os.File
		term, noColor string
		want          Look
	}{
		{device, "xterm", "", Look{Terminal: true, Colour: true}},
		{device, "xterm", "1", Look{Terminal: true}},
		{device, "dumb", "", Look{}},
		{device, "", "", Look{}},
		{file, "xterm", "", Look{}},
	} {
		t.Setenv("TERM", test.term)
		t.Setenv("NO_COLOR", test.noColor)
		if got := LookOf(test.file); got != test.want {
			t.Errorf("%s, TERM=%s, NO_COLOR=%s: %+v, want %+v", test.file.Name(), test.term, test.noColor, got, test.want)
		}
	}
}

func TestFailedStepIsNotUnderWay(t *testing.T) {
	var out bytes.Buffer
	supplier := Supplier{Out: &out, Look: Look{Terminal: true}, Logs: t.TempDir()}
	err := supplier.Supply(t.Context(), Artefact{
		Name:    "kubectl v1",
		Present: func(context.Context) (bool, error) { return false, nil },
		Build:   func(context.Context, io.Writer) error { return errors.New("exit status 1") },
	})
	if got := screen(t, out.String()); err == nil || got != "  ! kubectl v1: not found\n" {
		t.Errorf("the terminal shows %q, error %v", got, err)
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		400 * time.Millisecond: "0s", 2 * time.Minute: "2m", 124 * time.Second: "2m4s", 70 * time.Minute: "1h10m", 20 * time.Second: "20s",
	} {
		if got := Span(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
