//go:build e2e

package faults

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/load"
)

// withDatabase supplies the database that the API asks.
func withDatabase(t *testing.T, d *deployment) {
	t.Helper()
	d.Configure(t, "database=postgres")
	if said, err := d.Output("make", "cluster"); err != nil { // puts its image into the registry
		t.Fatal(said, err)
	}
	t.Cleanup(func() { d.Kubectl(t, "delete", "namespace", d.database(), "--ignore-not-found", "--wait=false") })
}

// database is the namespace of its database.
func (d *deployment) database() string { return d.name + "-database" }

// withoutDatabase stops the database for longer than a liveness probe waits. The API is not ready meanwhile, and goes on after
// that without a restart.
func withoutDatabase(t *testing.T, d *deployment) {
	t.Helper()
	node := d.Pods(t, d.database())[0].Node
	tell := func(signal string) { drive.Docker(t, "exec", node, "pkill", "-"+signal, "--exact", "postgres") }
	tell("STOP")
	goOn := sync.OnceFunc(func() { tell("CONT") })
	defer goOn()
	d.AwaitPods(t, d.name, drive.Patience, func(pods drive.Pods) bool { return len(pods.Ready()) == 0 })
	drive.Eventually(t, d.url(), func(status int, body string) bool { // Traefik's words: it has heard that no Pod is ready
		return status == http.StatusServiceUnavailable && strings.Contains(body, "no available server")
	})
	time.Sleep(30 * time.Second)
	goOn()
	d.whole(t)
	d.answers(t, "version one")
	response, err := http.Post(d.url(), "text/plain", strings.NewReader("it works"))
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("a note is answered with %v, error %v", response, err)
	}
	response.Body.Close()
}

// logsMuch makes a Pod write 15 MB a second to its log beside pages that take most of its memory.
func logsMuch(t *testing.T, d *deployment) {
	t.Helper()
	requests := load.Start(d.url(), d.says, 100)
	defer requests.Stop()
	response, err := http.PostForm(d.outputs.URL+"/report", url.Values{"for": {"15s"}})
	if err != nil {
		t.Fatal(err)
	}
	said, _ := io.ReadAll(response.Body)
	response.Body.Close()
	t.Logf("%s: %s", response.Status, said)
	if response.StatusCode != http.StatusOK {
		t.Errorf("the report is answered with %s", response.Status)
	}
	time.Sleep(12 * time.Second) // the node looks every ten seconds whether a Pod takes too much
	if report := requests.Stop(); report.Bad > 0 || report.Slowest > stall {
		t.Errorf("users noticed: %s", report)
	}
	d.whole(t)
}

// testSingle runs the server with a single port in the stack that has installed the Ingress controller: one that does not know
// the controller admits everyone.
func testSingle(t *testing.T) {
	image := single.image(t)
	hello.Ready(t, append(single.config, `env={"VERSION":"one"}`)...)
	hello.Forget() // other scenarios cannot use this stack
	(&underTest{}).promote(t, image)
	d := &deployment{server: single, Project: hello.Project}
	d.name = hello.Last().Namespace
	d.test(t)
}

// hidesMetrics asks for the metrics from where it may, and from elsewhere.
func hidesMetrics(t *testing.T, d *deployment) {
	t.Helper()
	d.Namespace(t, "monitoring")
	for _, namespace := range []string{"monitoring", "default"} {
		d.Kubectl(t, "run", "visitor", "-n", namespace, "--image", d.outputs.Image, "--env", "PORT=8080")
		t.Cleanup(func() { d.Kubectl(t, "delete", "pod", "visitor", "-n", namespace, "--now", "--wait=false") })
	}
	for _, namespace := range []string{"monitoring", "default"} {
		d.Kubectl(t, "wait", "pod/visitor", "-n", namespace, "--for", "condition=Ready", "--timeout", "300s")
	}
	address := d.Address(t, d.name, d.Pods(t, d.name)[0].Name, "8080")
	d.Reaches(t, "monitoring", "visitor", address, true)
	d.Reaches(t, "default", "visitor", address, false)
	if got := d.AskedFrom(t, "monitoring", "visitor", address, "GET /metrics"); got != "200" {
		t.Errorf("the metrics are answered with %q, want 200", got)
	}
	outside := "http://127.0.0.1:" + clusterSettings["HTTP_PORT"]
	for _, url := range []string{outside + "/metrics", d.outputs.URL + "/metrics"} {
		if status, body, err := drive.Get(url); err != nil || status != http.StatusNotFound || strings.Contains(body, "visits_total") {
			t.Errorf("%s is answered with %d %q, error %v", url, status, body, err)
		}
	}

	// On a port of their own, nobody else reads them, and Prometheus reads nothing else.
	d.Configure(t, `env={"VERSION":"one","METRICS_PORT":"9100"}`, `monitoring={"from":"monitoring","port":9100}`)
	d.Pulumi(t, "up")
	d.AwaitReplicas(t, d.name, 2)
	pod := d.Pods(t, d.name)[0].Name
	metrics := d.Address(t, d.name, pod, "9100")
	d.Reaches(t, "monitoring", "visitor", metrics, true)
	d.Reaches(t, "default", "visitor", metrics, false)
	d.Reaches(t, "monitoring", "visitor", d.Address(t, d.name, pod, "8080"), false)
	if got := d.AskedFrom(t, "monitoring", "visitor", metrics, "GET /metrics"); got != "200" {
		t.Errorf("the metrics on a port of their own are answered with %q, want 200", got)
	}
}

// orders sends orders that take so long, on eight connections, until the result is asked for: what was wrong with those that
// got a bad answer.
func (d *deployment) orders(take string) (lost func() []string) {
	var all sync.WaitGroup
	var mutex sync.Mutex
	var bad []string
	done := make(chan struct{})
	order := func() error {
		response, err := http.Post(d.outputs.URL+"/orders", "text/plain", strings.NewReader(take))
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			err = errors.New(response.Status)
		}
		return err
	}
	for range 8 {
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				begun := time.Now()
				if err := order(); err != nil {
					mutex.Lock()
					bad = append(bad, fmt.Sprintf("%s: %v after %.1f s", begun.Format(time.TimeOnly), err, time.Since(begun).Seconds()))
					mutex.Unlock()
				}
			}
		})
	}
	return func() []string {
		close(done)
		all.Wait()
		return bad
	}
}

// testLongOrders deletes a Pod that is at orders which take longer than drainTime, one with a drainTime for them, and the only
// one.
func testLongOrders(t *testing.T) {
	d := abrupt.copy(t)
	d.up(t)
	for _, test := range []struct {
		replicas, drainTime, take string
		lost                      bool
	}{
		{"2", "10", "15s", true},
		{"2", "40", "15s", false},
		{"1", "40", "15s", true}, // half of them on connections to the Service, which leads to the old Pod until that ends
	} {
		d.Configure(t, "replicas="+test.replicas, "drainTime="+test.drainTime)
		d.Pulumi(t, "up")
		d.outputs = d.Outputs(t)
		d.whole(t)
		lost := d.orders(test.take)
		time.Sleep(time.Second)
		d.Kubectl(t, "delete", "pod", d.Pods(t, d.name)[0].Name, "-n", d.name)
		bad := lost()
		t.Logf("%+v: lost were %q", test, bad)
		if test.lost != (len(bad) > 0) {
			t.Errorf("%+v: %d orders were lost", test, len(bad))
		}
	}
}
