//go:build e2e

package e2e

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/load"
)

// Lines of `make top`.
var (
	serverLine = regexp.MustCompile(`(?m)^hello +3/3 +([\d.]+) +0 +[\d.]+ [mµ]?s +[\d.]+ [mµ]?s +\d\ds$`)
	podLine    = regexp.MustCompile(`(?m)^(hello-\S+) +Running +(\d+)( \(\d+\w\))? +\d+m +[1-9]\d*Mi +[0-9a-f]{8} +\w+ +([\d.]+)$`)
)

// testTop watches the service as somebody on call does: under load, and while a server is killed.
func testTop(t *testing.T) {
	const perSecond = 60
	outputs := hello.Running(t, "replicas=3")
	requests := load.Start(outputs.URL, "Hello world", perSecond)
	defer requests.Stop()
	top := hello.Terminal(t, "make", "top")
	seen := top.Await(t, func(screen string) bool {
		server := serverLine.FindStringSubmatch(screen)
		if server == nil {
			return false
		}
		rate, _ := strconv.ParseFloat(server[1], 64)
		pods := podLine.FindAllStringSubmatch(screen, -1)
		for _, pod := range pods {
			if rate, _ := strconv.ParseFloat(pod[4], 64); rate == 0 {
				return false
			}
		}
		return rate > .8*perSecond && rate < 1.2*perSecond && len(pods) == 3
	})
	t.Logf("under %d requests a second it shows\n%s", perSecond, seen)
	if !strings.Contains(seen, outputs.URL) || !strings.Contains(seen, "\nwhat happened last:\n") {
		t.Errorf("it lacks the URL or the last events:\n%s", seen)
	}

	pod := hello.Pods(t, outputs.Namespace)[0]
	before := map[string]string{}
	for _, p := range podLine.FindAllStringSubmatch(seen, -1) {
		before[p[1]] = p[2]
	}
	drive.Docker(t, "exec", pod.Node, "pkill", "-KILL", "--oldest", "--exact", "hello-world")
	seen = top.Await(t, func(screen string) bool {
		for _, p := range podLine.FindAllStringSubmatch(screen, -1) {
			if p[3] != "" && p[2] > before[p[1]] {
				return true
			}
		}
		return false
	})
	t.Logf("after a server was killed it shows\n%s", seen)

	top.Type(t, "\x03")
	top.End(t)
	const otherScreen, firstScreen = "\x1b[?1049h", "\x1b[?1049l"
	if raw := top.Raw(); strings.Count(raw, otherScreen) != 1 || !strings.HasSuffix(raw, firstScreen) {
		t.Errorf("it does not leave the screen as it was: it ends with %q", raw[max(0, len(raw)-100):])
	}

	// In a file or a pipe it is one look.
	said, err := hello.Output("make", "top")
	if err != nil || strings.Contains(said, "\x1b") || strings.Count(said, "\nSERVER ") != 1 || strings.Count(said, " Running ") != 3 {
		t.Errorf("without a terminal it says, error %v:\n%s", err, said)
	}
}
