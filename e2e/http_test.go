//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

// patience bounds the wait for what Kubernetes does after `pulumi up` has
// returned, such as a changed route reaching the Ingress controller.
const patience = 30 * time.Second

// whoami is what the server says of itself.
type whoami struct {
	Pod, Node, IP, Version string
	Requests               int
}

// get asks once, on a connection of its own so that each call may meet another Pod.
func get(url string) (status int, body string, err error) {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(url)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

// eventually asks url until accept is satisfied, or fails the test.
func eventually(t *testing.T, url string, accept func(status int, body string) bool) string {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		status, body, err := get(url)
		if err == nil && accept(status, body) {
			return body
		}
		if time.Now().After(deadline) {
			t.Fatalf("GET %s: the last answer after %s is %d %q, error %v", url, patience, status, body, err)
		}
	}
}

// ask asks the service once who answers.
func ask(url string) (whoami, error) {
	var who whoami
	status, body, err := get(url + "/whoami")
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("status %d: %s", status, body)
	}
	if err == nil {
		err = json.Unmarshal([]byte(body), &who)
	}
	return who, err
}

// answering returns the Pods that answer and are accepted, by name, once there
// are want of them.
func answering(t *testing.T, url string, want int, accept func(whoami) bool) map[string]whoami {
	t.Helper()
	pods := map[string]whoami{}
	for deadline := time.Now().Add(patience); len(pods) < want; time.Sleep(10 * time.Millisecond) {
		who, err := ask(url)
		if err == nil && accept(who) {
			pods[who.Pod] = who
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: %d Pods answer after %s, want %d: %v, last answer %v, error %v", url, len(pods), patience, want, pods, who, err)
		}
	}
	return pods
}

func anyPod(whoami) bool { return true }

// settled waits until many answers in a row are all accepted.
func settled(t *testing.T, url string, accept func(whoami) bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for inARow := 0; inARow < 50; inARow++ {
		who, err := ask(url)
		if err == nil && accept(who) {
			continue
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: the last unwanted answer, after %s, is %+v, error %v", url, patience, who, err)
		}
		inARow = 0
	}
}
