package progress

import (
	"io"
	"os"
	"testing"
	"time"
)

func TestStyleOf(t *testing.T) {
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
		want          Style
	}{
		{device, "xterm", "", Style{Terminal: true, Colour: true}},
		{device, "xterm", "1", Style{Terminal: true}},
		{device, "dumb", "", Style{}},
		{device, "", "", Style{}},
		{file, "xterm", "", Style{}},
	} {
		t.Setenv("TERM", test.term)
		t.Setenv("NO_COLOR", test.noColor)
		if got := StyleOf(test.file); got != test.want {
			t.Errorf("%s, TERM=%s, NO_COLOR=%s: %+v, want %+v", test.file.Name(), test.term, test.noColor, got, test.want)
		}
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

func TestErrors(t *testing.T) {
	if got, want := (Style{Colour: true}).Error(io.EOF), "\x1b[1;31merror:\x1b[0m EOF"; got != want {
		t.Errorf("an error is %q, want %q", got, want)
	}
	if got := (Style{}).Error(io.EOF); got != "error: EOF" {
		t.Errorf("an error without colours is %q", got)
	}
}
