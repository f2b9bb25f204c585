//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"example.com/hello-world/e2e/internal/drive"
)

// Screens in CSS pixels, and how many pixels of a picture each of these takes in each direction.
var (
	desktop = struct{ width, height int64 }{1200, 720}
	phone   = struct{ width, height int64 }{390, 844}
)

const pixels = 1.5

// testLooks looks at the page in light, in dark and on a phone, and takes the pictures for docs/.
func testLooks(t *testing.T) {
	l := watched(t, 3)
	if picturesWanted() {
		l.answers(t, 100) // of the three Pods, for a full strip and even bars
	}
	brightness := map[string]int{}
	for _, scheme := range []string{"light", "dark"} {
		l.Prefer(t, "prefers-color-scheme", scheme)
		l.picture(t, "live-"+scheme)
		brightness[scheme] = drive.Evaluate[int](t, l.Browser,
			`getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number).reduce((sum, part) => sum + part)`)
	}
	if brightness["light"] < 600 || brightness["dark"] > 150 { // of 3 × 255
		t.Errorf("the background's brightness is %v", brightness)
	}
	l.Prefer(t, "prefers-color-scheme", "light")

	l.Resize(t, phone.width, phone.height, pixels)
	if width := drive.Evaluate[int64](t, l.Browser, "document.documentElement.scrollWidth"); width > phone.width {
		t.Errorf("on a phone of width %d the page is %d wide", phone.width, width)
	}
	l.picture(t, "live-phone")
	l.Resize(t, desktop.width, desktop.height, pixels)

	l.Prefer(t, "prefers-reduced-motion", "reduce")
	l.answers(t, 10) // lets what moves come to its end
	if moving := drive.Evaluate[int](t, l.Browser, "document.getAnimations().length"); moving > 0 {
		t.Errorf("%d things move despite prefers-reduced-motion", moving)
	}
	l.Prefer(t, "prefers-reduced-motion", "no-preference")
}

// testKeyboard goes from the first control on the page to the last, and uses the button.
func testKeyboard(t *testing.T) {
	l := watched(t, 3)
	const focused = `(() => {
		const at = document.activeElement, label = document.getElementById(at.getAttribute('aria-labelledby'));
		return at.matches(':focus-visible') && getComputedStyle(at).outlineStyle !== 'none' ? (label ?? at).textContent.trim() : '';
	})()`
	var want, got []string
	for _, pod := range l.see(t).Pods {
		want = append(want, "Pod "+pod.Name)
	}
	want = append([]string{"Pause"}, want...)
	for range want {
		l.Press(t, kb.Tab)
		got = append(got, drive.Evaluate[string](t, l.Browser, focused))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the Tab key leads to %q, want %q", got, want)
	}

	drive.Evaluate[bool](t, l.Browser, "document.querySelector('button').focus(), true")
	l.Press(t, kb.Enter)
	l.eventually(t, "a pause", func(t *testing.T, v view) bool { return strings.HasSuffix(v.Summary, " Paused.") })
	l.quiet(t)
	l.Press(t, kb.Enter)
	l.answers(t, 5)
	drive.Evaluate[bool](t, l.Browser, "document.activeElement.blur(), true")
}

func testScreenReader(t *testing.T) {
	l := watched(t, 3)
	found := l.Accessible(t)
	has := func(role, name string, describedBy ...string) {
		t.Helper()
		if !slices.ContainsFunc(found, func(a drive.Accessible) bool {
			lacks := func(words string) bool { return !strings.Contains(a.Description, words) }
			return a.Role == role && a.Name == name && !slices.ContainsFunc(describedBy, lacks)
		}) {
			t.Errorf("a screen reader finds no %s %q, described by %q", role, name, describedBy)
		}
	}
	for _, landmark := range []string{"banner", "main", "contentinfo", "status"} {
		has(landmark, "")
	}
	has("RootWebArea", "Hello world")
	has("heading", "Hello world")
	has("region", "The last 100 answers")
	has("region", "The last five minutes")
	has("region", "The path of a request")
	has("button", "Pause")
	for _, pod := range l.see(t).Pods {
		has("group", "Node "+pod.Node)
		has("article", "Pod "+pod.Name, pod.IP, pod.Version)
	}
	if t.Failed() {
		t.Logf("it finds %+v", found)
	}
}

// testHidden hides the tab: a hidden page asks nothing. Then it takes the answers away: in an outage, a page asks less and less.
func testHidden(t *testing.T) {
	l := watched(t, 3)
	drive.Evaluate[bool](t, l.Browser, "Object.defineProperty(document, 'hidden', { value: true, configurable: true }), true")
	l.quiet(t)
	drive.Evaluate[bool](t, l.Browser, "delete document.hidden")
	l.answers(t, 5)

	drive.Evaluate[bool](t, l.Browser, "window.asked = 0, window.reach = fetch, window.fetch = async () => { asked++; throw new Error('down'); }, true")
	asked := func() int { return drive.Evaluate[int](t, l.Browser, "asked") }
	l.eventually(t, "an outage", func(*testing.T, view) bool { return asked() > 5 })
	before := asked()
	time.Sleep(9 * time.Second)
	if more := asked() - before; more > 4 {
		t.Errorf("in an outage it asks %d times in 9 s", more)
	}
	drive.Evaluate[bool](t, l.Browser, "window.fetch = reach, true")
	l.answers(t, 5)
}

// quiet waits until the page has stopped asking.
func (l *liveView) quiet(t *testing.T) {
	t.Helper()
	l.eventually(t, "silence", func(*testing.T, view) bool {
		before := l.Requests()
		time.Sleep(2 * time.Second)
		return l.Requests() == before
	})
}

// answers waits for that many more answers.
func (l *liveView) answers(t *testing.T, more int) {
	t.Helper()
	from := l.see(t).Answers
	l.eventually(t, "more answers", func(t *testing.T, v view) bool { return v.Answers >= from+more })
}

// picturesWanted reports whether `make pictures` runs this, which names the folder for them.
func picturesWanted() bool { return os.Getenv("PICTURES") != "" }

// picture saves a picture of the page, if pictures are wanted.
func (l *liveView) picture(t *testing.T, name string) {
	t.Helper()
	if !picturesWanted() {
		return
	}
	if err := os.WriteFile(filepath.Join(os.Getenv("PICTURES"), name+".png"), l.Screenshot(t), 0o644); err != nil {
		t.Fatal(err)
	}
}
