//go:build e2e

package drive

import (
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// escapes are what moves a terminal's cursor or colours text.
var escapes = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]`)

// OnTerminal runs a command that must succeed as a person sees it, on a terminal with 80 columns, and returns what it showed,
// also what was replaced later, without colours.
func (p *Project) OnTerminal(t *testing.T, name string, args ...string) string {
	t.Helper()
	return p.Typing(t, "", name, args...)
}

// Typing is like OnTerminal, and types a text at once.
func (p *Project) Typing(t *testing.T, text, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := p.Command(ctx, name, args...)
	cmd.Env = append(cmd.Env[:len(cmd.Env):len(cmd.Env)], "TERM=xterm")
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	if _, err := io.WriteString(terminal, text); err != nil {
		t.Fatal(err)
	}
	said, _ := io.ReadAll(terminal) // an error says only that the command has ended
	shown := strings.ReplaceAll(escapes.ReplaceAllString(string(said), ""), "\r", "")
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, shown)
	}
	return shown
}
