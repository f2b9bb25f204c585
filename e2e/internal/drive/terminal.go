//go:build e2e

package drive

import (
	"context"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// OnTerminal runs a command that must succeed as a person sees it, on a terminal with 80 columns, and returns what it showed,
// also what was replaced later, without colours.
func (p *Project) OnTerminal(t *testing.T, name string, args ...string) string {
	t.Helper()
	return p.Typing(t, "", name, args...)
}

// Typing is like OnTerminal, and types a text at once.
func (p *Project) Typing(t *testing.T, text, name string, args ...string) string {
	t.Helper()
	terminal := p.Terminal(t, name, args...)
	terminal.Type(t, text)
	return terminal.End(t)
}

// Terminal is a terminal of 80 columns and 24 lines on which a command runs.
type Terminal struct {
	name   string
	cmd    *exec.Cmd
	device *os.File
	before *term.State
	closed chan struct{} // when all that the command shows has been read

	mutex sync.Mutex
	said  []byte
}

// Terminal starts a command on a terminal.
func (p *Project) Terminal(t *testing.T, name string, args ...string) *Terminal {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	t.Cleanup(cancel)
	cmd := p.Command(ctx, name, args...)
	cmd.Env = append(cmd.Env[:len(cmd.Env):len(cmd.Env)], "TERM=xterm")
	device, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { device.Close() })
	s := &Terminal{name: name + " " + strings.Join(args, " "), cmd: cmd, device: device, closed: make(chan struct{})}
	if s.before, err = term.GetState(int(device.Fd())); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.closed)
		_, _ = io.Copy(s, device) // an error says only that the command has ended
	}()
	return s
}

// Write takes what the command shows.
func (s *Terminal) Write(more []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.said = append(s.said, more...)
	return len(more), nil
}

// Raw returns all that was shown so far, with what moves the cursor.
func (s *Terminal) Raw() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return string(s.said)
}

// Type types a text.
func (s *Terminal) Type(t *testing.T, text string) {
	t.Helper()
	if _, err := io.WriteString(s.device, text); err != nil {
		t.Fatal(err)
	}
}

// Await waits until the terminal shows what it accepts, and returns that: the last whole screen of a command that draws it from
// the top, without colours.
func (s *Terminal) Await(t *testing.T, accept func(screen string) bool) string {
	t.Helper()
	screen := ""
	for deadline := time.Now().Add(Patience); ; time.Sleep(100 * time.Millisecond) {
		if all := s.Raw(); strings.Contains(all, screenEnds) {
			all = all[:strings.LastIndex(all, screenEnds)]
			screen = plain(all[strings.LastIndex(all, screenBegins):])
		}
		if accept(screen) {
			return screen
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: after %s the terminal shows\n%s", s.name, Patience, screen)
		}
	}
}

// End waits until the command has succeeded, and returns what it showed, without colours. The terminal must be as it was before.
func (s *Terminal) End(t *testing.T) string {
	t.Helper()
	<-s.closed
	shown := plain(s.Raw())
	if err := s.cmd.Wait(); err != nil {
		t.Fatalf("%s: %v\n%s", s.name, err, shown)
	}
	if after, err := term.GetState(int(s.device.Fd())); err != nil || *after != *s.before {
		t.Errorf("%s leaves the terminal in another state than it was: %+v, not %+v, error %v", s.name, after, s.before, err)
	}
	return shown
}

// What moves the cursor to the first line, and erases all below the last.
const screenBegins, screenEnds = "\x1b[H", "\x1b[J"

// escapes are what moves a terminal's cursor or colours text.
var escapes = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]`)

func plain(shown string) string {
	return strings.ReplaceAll(escapes.ReplaceAllString(shown, ""), "\r", "")
}
