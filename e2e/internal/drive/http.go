//go:build e2e

package drive

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Patience bounds the wait for what Kubernetes does after `pulumi up` has returned, such as telling the Ingress controller
// about a changed route. That takes seconds; how many depends on the machine.
const Patience = 4 * time.Minute

// Whoami is what the server reports about itself.
type Whoami struct {
	Pod, Node, IP, Version string
	Requests               int
}

// Get asks once, on a new connection, so that each call may reach another Pod.
func Get(url string) (status int, body string, err error) {
	return get(&http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}, url)
}

func get(client *http.Client, url string) (status int, body string, err error) {
	response, err := client.Get(url)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

// Settle waits until both Ingress controllers have heard of a new route, or of Pods that are ready again: on a busy machine, one is
// later than the other by more than a second.
func Settle() { time.Sleep(3 * time.Second) }

// Eventually asks url until it accepts the answer, or fails the test.
func Eventually(t *testing.T, url string, accept func(status int, body string) bool) string {
	t.Helper()
	return eventually(t, url, func() (int, string, error) { return Get(url) }, accept)
}

// EventuallyBy does so with a client.
func EventuallyBy(t *testing.T, client *http.Client, url string, accept func(status int, body string) bool) string {
	t.Helper()
	return eventually(t, url, func() (int, string, error) { return get(client, url) }, accept)
}

func eventually(t *testing.T, url string, get func() (int, string, error), accept func(status int, body string) bool) string {
	t.Helper()
	for deadline := time.Now().Add(Patience); ; time.Sleep(100 * time.Millisecond) {
		status, body, err := get()
		if err == nil && accept(status, body) {
			return body
		}
		if time.Now().After(deadline) {
			t.Fatalf("GET %s: the last answer after %s is %d %q, error %v", url, Patience, status, body, err)
		}
	}
}

// Ask asks the service once who answers.
func Ask(url string) (Whoami, error) {
	var who Whoami
	status, body, err := Get(url + "/whoami")
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("status %d: %s", status, body)
	}
	if err == nil {
		err = json.Unmarshal([]byte(body), &who)
	}
	return who, err
}

// Answering asks until want Pods have answered that it accepts, and returns them by name.
func Answering(t *testing.T, url string, want int, accept func(Whoami) bool) map[string]Whoami {
	t.Helper()
	pods := map[string]Whoami{}
	for deadline := time.Now().Add(Patience); len(pods) < want; time.Sleep(10 * time.Millisecond) {
		who, err := Ask(url)
		if err == nil && accept(who) {
			pods[who.Pod] = who
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: %d Pods answer after %s, want %d: %v, last answer %v, error %v", url, len(pods), Patience, want, pods, who, err)
		}
	}
	return pods
}

func AnyPod(Whoami) bool { return true }

// IsGreeting accepts the HTML page.
func IsGreeting(status int, body string) bool {
	return status == http.StatusOK && strings.Contains(body, "<h1>Hello world</h1>")
}

// Settled waits until it accepts many answers in a row.
func Settled(t *testing.T, url string, accept func(Whoami) bool) {
	t.Helper()
	deadline := time.Now().Add(Patience)
	for inARow := 0; inARow < 50; inARow++ {
		who, err := Ask(url)
		if err == nil && accept(who) {
			continue
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: the last unwanted answer, after %s, is %+v, error %v", url, Patience, who, err)
		}
		inARow = 0
	}
}
