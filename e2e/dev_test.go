//go:build e2e

package e2e

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// dev edits the server while `make dev` watches: a good edit reaches the cluster by itself, a broken one leaves the old
// version there.
var dev = drive.Suite{Name: "Dev", Scenarios: []drive.Scenario{
	{Name: "Edits", Run: testEdits},
	{Name: "Crash", Run: testCrash, Soak: true},
	{Name: "KeptConnections", Run: testKeptConnections, Soak: true},
}}

// running is the stack as people have it: `make dev` drains faster unless it sets drainTime.
func running(t *testing.T) drive.Outputs {
	t.Helper()
	outputs := hello.Running(t)
	hello.Pulumi(t, "config", "rm", "drainTime")
	return outputs
}

func testEdits(t *testing.T) {
	running(t)
	says := hello.Watching(t, hello.Name)

	says(t, "start: rolled out in", " answers") // Pods that drain faster
	url := hello.Outputs(t).URL
	greets := func(greeting string) {
		t.Helper()
		drive.Eventually(t, url, func(status int, body string) bool {
			return status == http.StatusOK && strings.Contains(body, "<h1>"+greeting+"</h1>")
		})
	}

	hello.Edit(t, "app/hello.go", "Hello world", "Hello again")
	says(t, "app/hello.go: rolled out in", " answers")
	greets("Hello again")

	hello.Edit(t, "app/hello.go", "package main\n", "package main\n\nfunc broken( {\n")
	says(t, "app/hello.go: failed after", "the previous version keeps running")
	says(t, "app/hello.go:", "syntax error")
	greets("Hello again")

	hello.Edit(t, "app/hello.go", "func broken( {\n", "")
	hello.Edit(t, "app/hello.go", "Hello again", "Hello world")
	says(t, "app/hello.go: rolled out in", " answers")
	greets("Hello world")

	// Not every server says which version it is.
	hello.Edit(t, "app/server.go", `below+"whoami"`, `below+"unknown"`)
	says(t, "app/server.go: rolled out in", ", the service answers")

	hello.Pulumi(t, "config", "set", "replicas", "2")
	says(t, "Pulumi."+hello.Name+".yaml: rolled out in", " answers")
	if outputs := hello.Outputs(t); outputs.Replicas != 2 {
		t.Errorf("%d replicas run, want 2", outputs.Replicas)
	}
}

// testCrash saves a version that panics at its start, and then one that does not.
func testCrash(t *testing.T) {
	url := running(t).URL
	says := hello.Watching(t, hello.Name)
	says(t, "start: ", " answers")

	const panics = "func main() {\n\tpanic(\"no way to start\")\n"
	hello.Edit(t, "app/main.go", "func main() {\n", panics)
	saved := time.Now()
	says(t, "app/main.go: failed after", "the previous version keeps running") // long before rolloutTimeout
	says(t, " ended with exit code 2")
	says(t, "panic: no way to start")
	t.Logf("told %.1f s after the save", time.Since(saved).Seconds())
	drive.Eventually(t, url, drive.IsGreeting)

	hello.Edit(t, "app/main.go", panics, "func main() {\n")
	for _, line := range says(t, "app/main.go: rolled out in", " answers") {
		if strings.Contains(line, "no way to start") {
			t.Errorf("it is told again: %s", line)
		}
	}
	drive.Eventually(t, url, drive.IsGreeting)
}

// testKeptConnections reads what clients get on connections that they opened before a save, once `make dev` calls it rolled
// out.
func testKeptConnections(t *testing.T) {
	url := running(t).URL
	const plain = "app/plain.go" // a server that knows nothing of this project
	t.Cleanup(func() { os.Remove(filepath.Join(hello.Dir, plain)) })
	says := hello.Watching(t, hello.Name)
	says(t, "start: ", " answers")

	saves := func(file, old, new string) {
		t.Helper()
		clients := startClients(url, 8)
		time.Sleep(time.Second) // so that all have a connection
		hello.Edit(t, file, old, new)
		says(t, file+": rolled out in", " answers")
		rolledOut := time.Now()
		time.Sleep(5 * time.Second)
		var after, outdated, bad int
		for _, answer := range clients.stop() {
			switch {
			case answer.bad:
				bad++
			case answer.asked.After(rolledOut) && strings.Contains(answer.body, old):
				outdated++
				fallthrough
			case answer.asked.After(rolledOut):
				after++
			}
		}
		t.Logf("%s: %d answers after that, %d bad ones in all", new, after, bad)
		if outdated > 0 || after == 0 {
			t.Errorf("%s: %d of %d answers are of the old version", new, outdated, after)
		}
	}
	scale := func(replicas string) {
		t.Helper()
		hello.Pulumi(t, "config", "set", "replicas", replicas)
		says(t, "Pulumi."+hello.Name+".yaml: rolled out in", " answers")
	}
	saves("app/hello.go", "Hello world", "Hello from one")
	scale("3")
	saves("app/hello.go", "Hello from one", "Hello from three")

	if err := os.WriteFile(filepath.Join(hello.Dir, plain), []byte(plainServer), 0o644); err != nil {
		t.Fatal(err)
	}
	hello.Pulumi(t, "config", "set", "healthPath", "/hello") // a newer save, as the probes do not suit the server yet
	says(t, "Pulumi."+hello.Name+".yaml: rolled out in", ", the service answers")
	saves(plain, "plain one", "plain two")
	scale("1")
	saves(plain, "plain two", "plain three")
}

const plainServer = `package main

import (
	"io"
	"log"
	"net/http"
	"os"
)

func init() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "plain one") })
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
`

// clients ask all the time, each on a connection of its own that it keeps.
type clients struct {
	done    chan struct{}
	group   sync.WaitGroup
	mutex   sync.Mutex
	answers []clientAnswer
}

type clientAnswer struct {
	asked time.Time
	body  string
	bad   bool
}

func startClients(url string, count int) *clients {
	c := &clients{done: make(chan struct{})}
	for range count {
		c.group.Go(func() {
			client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			for {
				select {
				case <-c.done:
					return
				case <-time.After(20 * time.Millisecond):
				}
				answer := clientAnswer{asked: time.Now(), bad: true}
				if response, err := client.Get(url); err == nil {
					body, err := io.ReadAll(response.Body)
					response.Body.Close()
					answer.body, answer.bad = string(body), err != nil || response.StatusCode != http.StatusOK
				}
				c.mutex.Lock()
				c.answers = append(c.answers, answer)
				c.mutex.Unlock()
			}
		})
	}
	return c
}

func (c *clients) stop() []clientAnswer {
	close(c.done)
	c.group.Wait()
	return c.answers
}
