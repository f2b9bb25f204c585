//go:build e2e

package drive

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Browser is a page in a real browser: Chromium or Chrome, without a window.
type Browser struct {
	ctx context.Context

	mu         sync.Mutex
	requests   int
	complaints []string
}

// Open opens the page at url, for as long as the test runs.
func Open(t *testing.T, url string) *Browser {
	t.Helper()
	ctx, cancel := chromedp.NewContext(t.Context())
	t.Cleanup(cancel)
	b := &Browser{ctx: ctx}
	if err := chromedp.Listen(ctx, func(event any) { b.note(url, event) }); err != nil {
		t.Fatalf("starting Chromium or Chrome, which must be installed: %v", err)
	}
	b.do(t, chromedp.Navigate(url))
	return b
}

// note records what must not happen in a browser: a request that fails or goes to another host than url's, and anything
// on the console.
func (b *Browser) note(url string, event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	complain := func(format string, args ...any) { b.complaints = append(b.complaints, fmt.Sprintf(format, args...)) }
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests++
		if to := event.Request.URL; !strings.HasPrefix(to, "data:") && host(to) != host(url) {
			complain("a request to another host: %s", to)
		}
	case *network.EventResponseReceived:
		if event.Response.Status != 200 {
			complain("status %d from %s", event.Response.Status, event.Response.URL)
		}
	case *network.EventLoadingFailed:
		if event.Canceled { // the page gives up by itself after five seconds, which an answer may take on a busy machine
			return
		}
		complain("a request failed: %s %s", event.ErrorText, event.BlockedReason)
	case *runtime.EventConsoleAPICalled:
		complain("console.%s was called", event.Type)
	case *runtime.EventExceptionThrown:
		complain("an exception: %s", event.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		complain("%s on the console: %s", event.Entry.Level, event.Entry.Text)
	}
}

// host returns the scheme, host and port of a URL.
func host(url string) string {
	parts := strings.SplitN(url, "/", 4)
	return strings.Join(parts[:min(3, len(parts))], "/")
}

// Complaints returns what went wrong in the browser so far.
func (b *Browser) Complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.complaints)
}

// Requests returns how many requests the page has made so far.
func (b *Browser) Requests() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.requests
}

// Evaluate returns the value of a JavaScript expression.
func Evaluate[T any](t *testing.T, b *Browser, expression string) T {
	t.Helper()
	return run(t, b, chromedp.Evaluate[T](expression))
}

// Press presses a key, such as kb.Tab.
func (b *Browser) Press(t *testing.T, key string) {
	t.Helper()
	b.do(t, chromedp.KeyEvent(key))
}

// Resize gives the page a width and height in CSS pixels.
func (b *Browser) Resize(t *testing.T, width, height int64, scale float64) {
	t.Helper()
	b.do(t, chromedp.EmulateViewport(width, height, chromedp.EmulateScale(scale)))
}

// Prefer makes the browser's user prefer a value of a media feature, such as dark of prefers-color-scheme, and no other.
func (b *Browser) Prefer(t *testing.T, feature, value string) {
	t.Helper()
	call(t, b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: feature, Value: value}},
	})
}

// Screenshot returns a PNG of the whole page.
func (b *Browser) Screenshot(t *testing.T) []byte {
	t.Helper()
	return run(t, b, chromedp.FullScreenshot(100))
}

// Accessible is what assistive technology such as a screen reader finds.
type Accessible struct{ Role, Name, Description string }

// Accessible lists what assistive technology finds on the page.
func (b *Browser) Accessible(t *testing.T) (found []Accessible) {
	t.Helper()
	tree := call(t, b, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	text := func(value *accessibility.Value) (text string) {
		if value != nil {
			json.Unmarshal(value.Value, &text) // only text matters here
		}
		return text
	}
	for _, node := range tree.Nodes {
		if !node.Ignored {
			found = append(found, Accessible{text(node.Role), text(node.Name), text(node.Description)})
		}
	}
	return found
}

func (b *Browser) do(t *testing.T, action chromedp.Action[chromedp.Void]) {
	t.Helper()
	run(t, b, action)
}

func call[P, R any](t *testing.T, b *Browser, command cdp.Command[P, R], params P) R {
	t.Helper()
	return run(t, b, func(ctx context.Context, target *chromedp.Target) (R, error) {
		return cdp.Call(ctx, target, command, params)
	})
}

func run[T any](t *testing.T, b *Browser, action chromedp.Action[T]) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, Patience)
	defer cancel()
	result, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatalf("in the browser: %v", err)
	}
	return result
}
