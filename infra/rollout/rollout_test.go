package rollout

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/hello-world/infra/internal/standin"
)

func TestMain(m *testing.M) {
	pause, between, settled, retried, told = pause/20, between/20, settled/20, retried/20, told/20
	os.Exit(m.Run())
}

// deployed stands in for a cluster's API with one Deployment of two replicas, whose new ReplicaSet is hello-2.
type deployed struct {
	mutex    sync.Mutex
	before   bool          // it has been rolled out completely
	complete int           // after how many looks the rollout is; 0 means never
	refused  string        // why the ReplicaSet could not create a Pod
	pods     []string      // as JSON
	events   []string      // as JSON
	ahead    time.Duration // of this machine's clock
	long     bool          // it has not tried again since
}

func (d *deployed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	w.Header().Set("Date", time.Now().Add(d.ahead).UTC().Format(http.TimeFormat))
	switch r.URL.Path {
	case "/apis/apps/v1/namespaces/shop/deployments/hello":
		status := `{"observedGeneration": 2, "replicas": 3, "updatedReplicas": 1, "availableReplicas": 2}`
		if d.complete--; d.complete == 0 {
			status = `{"observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2}`
		}
		if d.before {
			status = strings.Replace(status, "{", `{"conditions": [{"type": "Progressing", "reason": "NewReplicaSetAvailable"}], `, 1)
		}
		fmt.Fprintf(w, `{"metadata": {"generation": 2, "annotations": {%q: "2"}}, "spec": {"replicas": 2}, "status": %s}`, revision, status)
	case "/apis/apps/v1/namespaces/shop/replicasets":
		conditions := "[]"
		if d.refused != "" {
			conditions = fmt.Sprintf(`[{"type": "ReplicaFailure", "status": "True", "message": %q}]`, d.refused)
		}
		const set = `{"metadata": {"name": "hello-%d", "labels": {"pod-template-hash": "%[1]d"}, "annotations": {%[2]q: "%[1]d"}}, "status": {"conditions": %[3]s}}`
		fmt.Fprintf(w, `{"items": [%s, %s]}`, fmt.Sprintf(set, 1, revision, "[]"), fmt.Sprintf(set, 2, revision, conditions))
	case "/api/v1/namespaces/shop/pods":
		fmt.Fprintf(w, `{"items": [%s]}`, strings.Join(d.pods, ","))
	case "/api/v1/namespaces/shop/events":
		if d.refused != "" && !d.long && len(d.events) == 0 {
			d.event("ReplicaSet/hello-2", "Warning", "FailedCreate", d.refused)
		}
		fmt.Fprintf(w, `{"items": [%s]}`, strings.Join(d.events, ","))
	default:
		fmt.Fprint(w, "{}")
	}
}

// pod is a Pod of a version, with what else its description has.
func pod(name, version, more string) string {
	return fmt.Sprintf(`{"metadata": {"name": %q, "labels": {"app": "hello", "pod-template-hash": %q}}, "status": {%s}}`, name, version, more)
}

func container(more string) string {
	return `"containerStatuses": [{"name": "web", ` + more + `}]`
}

const (
	ready    = `"conditions": [{"type": "Ready", "status": "True"}]`
	panicked = `"restartCount": 1, "state": {"waiting": {"reason": "CrashLoopBackOff"}}, "lastState": {"terminated": {"exitCode": 2, "reason": "Error", "message": "INFO: first words\npanic: no cheese\n\nmain.main()"}}`
)

func (d *deployed) event(about, kind, reason, message string) {
	of, name, _ := strings.Cut(about, "/")
	event, err := json.Marshal(map[string]any{
		"involvedObject": map[string]string{"kind": of, "name": name}, "type": kind, "reason": reason, "message": message,
		"lastTimestamp": time.Now().Add(d.ahead + time.Second).UTC().Format(time.RFC3339),
	})
	if err != nil {
		panic(err)
	}
	d.events = append(d.events, string(event))
}

// await waits for the rollout, and returns what it said.
func (d *deployed) await(t *testing.T, change func(*Rollout)) (said []string, err error) {
	t.Helper()
	server := httptest.NewServer(d)
	r := Rollout{
		Watch:    Watch{Cluster: standin.Reached(t, server), Namespace: "shop", Name: "hello", Say: func(wrong string) { said = append(said, wrong) }},
		Changed:  true,
		Patience: time.Second,
		Progress: func(ready, replicas int) { said = append(said, fmt.Sprintf("%d/%d", ready, replicas)) },
	}
	change(&r)
	err = r.Await(t.Context())
	return said, err
}

func unchanged(*Rollout) {}

func TestRolledOut(t *testing.T) {
	t.Parallel()
	d := &deployed{complete: 3}
	if said, err := d.await(t, unchanged); err != nil || strings.Join(said, " ") != "0/2" {
		t.Errorf("it says %q, error %v", said, err)
	}
}

// A node may be lost, and its Pods with it: an update of something else does not wait for them. A scaling does.
func TestWasRolledOutBefore(t *testing.T) {
	t.Parallel()
	for _, changed := range []bool{false, true} {
		d := &deployed{before: true}
		if _, err := d.await(t, func(r *Rollout) { r.Changed = changed }); (err != nil) != changed {
			t.Errorf("if this update has changed it is %t, the error is %v", changed, err)
		}
	}
	if _, err := (&deployed{}).await(t, func(r *Rollout) { r.Changed = false }); err == nil {
		t.Error("a rollout that has not ended is not waited for")
	}
}

// What no waiting mends ends the wait, in the cluster's words.
func TestEndsAtOnce(t *testing.T) {
	t.Parallel()
	const (
		quota     = `pods "hello-2-x" is forbidden: exceeded quota: small, requested: limits.cpu=1, used: limits.cpu=1, limited: limits.cpu=1`
		noRoom    = `0/1 nodes are available: 1 Insufficient memory.`
		pending   = `"conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "` + noRoom + `"}]`
		forbidden = `pods "hello-2-x" is forbidden: minimum cpu usage per Container is 50m, but request is 25m`
	)
	for name, test := range map[string]struct {
		*deployed
		events func(*deployed)
		change func(*Rollout)
		want   string
	}{
		"quota":         {deployed: &deployed{refused: quota}, want: quota},
		"range":         {deployed: &deployed{refused: forbidden, pods: []string{pod("new", "2", "")}}, want: forbidden},
		"webhook":       {deployed: &deployed{refused: `admission webhook "x" denied the request: no`}, want: "denied the request: no"},
		"no room":       {deployed: &deployed{pods: []string{pod("new", "2", pending)}}, change: func(r *Rollout) { r.FixedNodes = true }, want: noRoom},
		"no autoscaler": {deployed: &deployed{pods: []string{pod("new", "2", pending)}}, want: noRoom, events: func(d *deployed) { d.event("Pod/new", "Normal", "NotTriggerScaleUp", "no") }},
		"no image": {deployed: &deployed{pods: []string{pod("new", "2", container(`"state": {"waiting": {"reason": "ImagePullBackOff", "message": "manifest not found"}}`))}},
			want: "web does not start (ImagePullBackOff)\nmanifest not found"},
		"no secret": {deployed: &deployed{pods: []string{pod("new", "2", container(`"state": {"waiting": {"reason": "CreateContainerConfigError", "message": "secret \"x\" not found"}}`))}},
			want: `secret "x" not found`},
		"no program": {deployed: &deployed{pods: []string{pod("new", "2", container(`"state": {"terminated": {"exitCode": 128, "reason": "StartError", "message": "exec: no such file"}}`))}},
			want: "exec: no such file"},
		"a crash, for whoever edits": {deployed: &deployed{pods: []string{pod("new", "2", container(panicked))}}, change: func(r *Rollout) { r.NoRestarts = true },
			want: "web ended with exit code 2 (Error)\nINFO: first words\npanic: no cheese\n\nmain.main()"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.events != nil {
				test.events(test.deployed)
			}
			if test.change == nil {
				test.change = unchanged
			}
			test.pods = append(test.pods, pod("old", "1", ready))
			said, err := test.await(t, test.change)
			if err == nil || !strings.HasPrefix(err.Error(), "the new version is not rolled out: it cannot get ready: ") ||
				!strings.HasSuffix(err.Error(), test.want+"; the last version keeps running") {
				t.Errorf("it says %q, error %v, want %s", said, err, test.want)
			}
		})
	}
}

// What a restart, an autoscaler or a Pod that goes may mend is said, and waited for.
func TestWaits(t *testing.T) {
	t.Parallel()
	const leaves = `{"metadata": {"name": "old", "deletionTimestamp": "2026-11-26T05:00:00Z", "labels": {"app": "hello", "pod-template-hash": "1"}}}`
	for name, test := range map[string]struct {
		*deployed
		want, says string
	}{
		"restart": {deployed: &deployed{pods: []string{pod("new", "2", container(panicked))}},
			want: "web ended with exit code 2 (Error)\nINFO: first words\npanic: no cheese\n\nmain.main()", says: "web ended with exit code 2 (Error): panic: no cheese; waiting whether that mends, at most "},
		"autoscaler": {deployed: &deployed{pods: []string{pod("new", "2", `"conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "no room"}]`)}},
			want: "no room", says: "no room; waiting"},
		"quota":            {deployed: &deployed{refused: "is forbidden: exceeded quota: small", pods: []string{leaves}}, want: "exceeded quota: small", says: "exceeded quota"},
		"webhook":          {deployed: &deployed{refused: "Internal error occurred: failed calling webhook: denied the request"}, want: "failed calling webhook: denied the request", says: "failed calling webhook"},
		"what may be over": {deployed: &deployed{refused: "is forbidden: exceeded quota: small", long: true}, want: "exceeded quota: small", says: "exceeded quota"},
		"a Secret that the node does not know yet": {deployed: &deployed{pods: []string{pod("new", "2", container(`"state": {"waiting": {"reason": "ErrImagePull", "message": "authorization failed"}}`))}},
			want: "authorization failed", says: "web does not start (ErrImagePull): authorization failed; waiting"},
		"sidecar": {deployed: &deployed{pods: []string{pod("new", "2", `"initContainerStatuses": [{"name": "proxy", `+panicked+`}], `+container(`"state": {"waiting": {"reason": "PodInitializing"}}`))}},
			want: "proxy ended with exit code 2 (Error)\nINFO: first words\npanic: no cheese\n\nmain.main()", says: "proxy ended"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			said, err := test.await(t, unchanged)
			const begin = "the new version is not rolled out: it is not ready after 1s: "
			if err == nil || !strings.HasPrefix(err.Error(), begin) || !strings.HasSuffix(err.Error(), test.want) {
				t.Errorf("the error is %v, want %s", err, test.want)
			}
			if len(said) != 2 || !strings.Contains(said[1], test.says) {
				t.Errorf("it says %q, want %q", said, test.says)
			}
		})
	}
}

// Events count if they are about the new Pods, and came after it began, by the cluster's clock.
func TestEvents(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{0, 2 * time.Minute, -2 * time.Minute} {
		t.Run("with a clock that is ahead by "+ahead.String(), func(t *testing.T) {
			t.Parallel()
			d := &deployed{ahead: ahead, pods: []string{pod("new", "2", ""), pod("old", "1", ""), pod("serves", "2", ready)}}
			d.event("Pod/new", "Warning", "Unhealthy", "Readiness probe failed: statuscode: 500")
			d.event("Pod/new", "Normal", "Killing", "Container hello failed liveness probe, will be restarted")
			d.event("Pod/new", "Normal", "Killing", "Stopping container hello")
			d.event("Pod/new", "Normal", "Pulled", "Successfully pulled image")
			d.event("Pod/new", "Warning", "FailedMount", "secret \"certificate\" not found")
			d.event("Pod/old", "Warning", "Unhealthy", "of another version")
			d.event("Pod/serves", "Warning", "Unhealthy", "for a moment")
			d.event("Pod/of-another", "Warning", "Failed", "of another service")
			d.ahead -= time.Minute
			d.event("Pod/new", "Warning", "Evicted", "long ago")
			d.ahead = ahead
			_, err := d.await(t, unchanged)
			const want = `: secret "certificate" not found; Container hello failed liveness probe, will be restarted; Readiness probe failed: statuscode: 500`
			if err == nil || !strings.HasSuffix(err.Error(), want) {
				t.Errorf("the error is %v, want %s", err, want)
			}
		})
	}
}

// While the API is away, the rollout goes on.
func TestClusterIsAway(t *testing.T) {
	t.Parallel()
	d := &deployed{complete: 1}
	server := httptest.NewServer(d)
	r := Rollout{Watch: Watch{Cluster: standin.Reached(t, server), Namespace: "shop", Name: "hello"}, Patience: time.Second}
	server.Close()
	if err := r.Await(t.Context()); err == nil || !strings.Contains(err.Error(), "it is not ready after 1s: ") || !strings.Contains(err.Error(), "refused") {
		t.Errorf("the error is %v", err)
	}
}

func TestOthersGone(t *testing.T) {
	t.Parallel()
	d := &deployed{pods: []string{pod("new", "2", ready), pod("evicted", "1", `"phase": "Failed"`)}}
	server := httptest.NewServer(d)
	r := Rollout{Watch: Watch{Cluster: standin.Reached(t, server), Namespace: "shop", Name: "hello"}}
	if err := r.AwaitOthersGone(t.Context(), time.Second); err != nil {
		t.Error(err)
	}
	d.mutex.Lock()
	d.pods = append(d.pods, pod("old", "1", ready))
	d.mutex.Unlock()
	if err := r.AwaitOthersGone(t.Context(), time.Second); err == nil || err.Error() != "old Pods are still there after 1s" {
		t.Errorf("the error is %v", err)
	}
	// Whoever interrupts the wait is not told that it took too long.
	ctx, interrupt := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer interrupt()
	if err := r.AwaitOthersGone(ctx, time.Minute); err == nil || strings.Contains(err.Error(), "still there") {
		t.Errorf("the error is %v", err)
	}
}
