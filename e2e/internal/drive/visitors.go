//go:build e2e

package drive

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"
)

// Visitors ask who answers, each on a connection of its own, which they keep.
type Visitors struct {
	url  string
	keep []*http.Client
}

// Arrive opens the connections.
func Arrive(t *testing.T, url string) *Visitors {
	t.Helper()
	v := &Visitors{url: url}
	for range 4 {
		v.keep = append(v.keep, &http.Client{Timeout: Patience, Transport: &http.Transport{MaxConnsPerHost: 1}})
	}
	t.Cleanup(func() {
		for _, client := range v.keep {
			client.CloseIdleConnections()
		}
	})
	v.ask(t, len(v.keep))
	return v
}

// ask returns how many of the requests each Pod answered.
func (v *Visitors) ask(t *testing.T, requests int) map[string]int {
	t.Helper()
	answers := map[string]int{}
	for i := range requests {
		response, err := v.keep[i%len(v.keep)].Get(v.url + "/whoami")
		if err != nil {
			t.Fatal(err)
		}
		var who Whoami
		err = json.NewDecoder(response.Body).Decode(&who)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("the answer is %s, error %v", response.Status, err)
		}
		answers[who.Pod]++
	}
	return answers
}

// Meet waits for so many Pods, and fails the test unless all of them take turns soon. It logs
// how soon: on an idle machine within three seconds.
func (v *Visitors) Meet(t *testing.T, p *Project, namespace string, pods int) {
	t.Helper()
	p.AwaitReplicas(t, namespace, pods)
	for ready := time.Now(); ; {
		answers := v.ask(t, 10*pods)
		least := 10 * pods
		for _, count := range answers {
			least = min(least, count)
		}
		after := time.Since(ready)
		if len(answers) == pods && least >= 5 {
			t.Logf("%d Pods take turns after %.1f s: %v", pods, after.Seconds(), answers)
			return
		}
		if after > Patience {
			t.Errorf("%.1f s after %d Pods are ready, %d requests are answered by %v", after.Seconds(), pods, 10*pods, answers)
			return
		}
	}
}
