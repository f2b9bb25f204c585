package top

import (
	"context"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"example.com/hello-world/supplier/progress"
)

// What tells a terminal to show another screen without a cursor, and the first one again.
const (
	otherScreen = "\x1b[?1049h\x1b[?25l"
	firstScreen = "\x1b[?25h\x1b[?1049l"
)

// enterScreen takes the terminal, until leave is called. The context ends when somebody presses Ctrl-C or q: as in an editor,
// these are keys, so that make does not hear of an interruption, and what is typed meanwhile is not left to the shell.
func enterScreen(ctx context.Context) (entered context.Context, leave func(), err error) {
	ctx, end := context.WithCancel(ctx)
	leave = end
	if keyboard := int(os.Stdin.Fd()); term.IsTerminal(keyboard) {
		before, err := term.MakeRaw(keyboard)
		if err != nil {
			end()
			return nil, nil, err
		}
		leave = func() {
			end()
			term.Restore(keyboard, before)
		}
		go endAt(os.Stdin, "\x03q", end)
	}
	io.WriteString(os.Stdout, otherScreen)
	restore := leave
	return ctx, func() {
		io.WriteString(os.Stdout, firstScreen)
		restore()
	}, nil
}

// endAt calls end when one of the keys is pressed, or there is no keyboard any more.
func endAt(keyboard io.Reader, keys string, end func()) {
	defer end()
	for key := make([]byte, 1); ; {
		if _, err := keyboard.Read(key); err != nil || strings.Contains(keys, string(key)) {
			return
		}
	}
}

// draw replaces what the terminal shows. It erases only behind each line, so that nothing flickers.
func draw(to progress.Printer, seen look) {
	width, height, err := term.GetSize(int(os.Stdout.Fd()))
	if err != nil || width == 0 || height == 0 {
		width, height = 80, 24
	}
	lines := seen.lines(to.Style, width, height)
	io.WriteString(to.Out, "\x1b[H"+strings.Join(lines, "\x1b[K\r\n")+"\x1b[K\x1b[J")
}
