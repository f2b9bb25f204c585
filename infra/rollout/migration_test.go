package rollout

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/hello-world/infra/internal/standin"
	"example.com/hello-world/infra/kubeconfig"
)

// migrated stands in for a cluster with Jobs. One that is created runs, and ends as it should.
type migrated struct {
	mutex   sync.Mutex
	jobs    map[string]string // a Job's state: Running, Complete, Failed, Lost or DeadlineExceeded
	ends    string            // how one ends that runs
	looks   int               // until then
	created []map[string]any
	mayNot  bool // look at Pods
}

func (c *migrated) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	name := path.Base(r.URL.Path)
	const jobs = "/apis/batch/v1/namespaces/shop/jobs"
	switch {
	case r.URL.Path == "/version":
		fmt.Fprint(w, "{}")
	case r.Method == http.MethodPost && r.URL.Path == jobs:
		var job map[string]any
		if err := json.NewDecoder(r.Body).Decode(&job); err != nil {
			panic(err)
		}
		c.created = append(c.created, job)
		c.jobs[job["metadata"].(map[string]any)["name"].(string)] = "Running"
		w.WriteHeader(http.StatusCreated)
	case r.Method == http.MethodGet && r.URL.Path == jobs:
		var items []string
		for name, state := range c.jobs {
			items = append(items, c.describe(name, state))
		}
		c.pass()
		fmt.Fprintf(w, `{"items":[%s]}`, strings.Join(items, ","))
	case path.Dir(r.URL.Path) == jobs && c.jobs[name] == "":
		http.NotFound(w, r)
	case path.Dir(r.URL.Path) == jobs && r.Method == http.MethodDelete:
		delete(c.jobs, name)
	case path.Dir(r.URL.Path) == jobs:
		c.pass()
		fmt.Fprint(w, c.describe(name, c.jobs[name]))
	case strings.HasSuffix(r.URL.Path, "/cronjobs/hello-nightly"):
		fmt.Fprint(w, `{"metadata":{"name":"hello-nightly","uid":"u"},"spec":{"jobTemplate":{"metadata":{"labels":{"hello-world/job":"nightly"}},"spec":{"backoffLimit":0}}}}`)
	case strings.HasSuffix(r.URL.Path, "/deployments/hello"):
		fmt.Fprint(w, `{"spec":{"template":{"spec":{"volumes":[{"name":"data","persistentVolumeClaim":{}},{"name":"tmp"}],
			"containers":[{"image":"it","args":["serve"],"env":["A"],"livenessProbe":{},"volumeMounts":[{"name":"data"},{"name":"tmp"}]}]}}}}`)
	case strings.Contains(r.URL.Path, "/cronjobs/"):
		http.NotFound(w, r)
	case strings.HasSuffix(r.URL.Path, "/log"):
		fmt.Fprint(w, "one\ntwo\nhalf a li")
	case strings.HasSuffix(r.URL.Path, "/pods") && c.mayNot:
		w.WriteHeader(http.StatusForbidden)
	case strings.HasSuffix(r.URL.Path, "/pods"):
		_, job, _ := strings.Cut(r.URL.Query().Get("labelSelector"), "=")
		state := map[string]string{"Running": `"running":{}`, "Complete": `"terminated":{"exitCode":0}`,
			"Failed": `"terminated":{"exitCode":1,"reason":"Error","message":"no such column"}`}[c.jobs[job]]
		if state == "" {
			fmt.Fprint(w, "{}")
			return
		}
		fmt.Fprintf(w, `{"items":[{"metadata":{"name":"%s-x"},"status":{"containerStatuses":[{"name":"hello","state":{%s}}]}}]}`, job, state)
	case strings.HasSuffix(r.URL.Path, "/events"):
		fmt.Fprint(w, "{}")
	}
}

// pass lets time pass.
func (c *migrated) pass() {
	c.looks--
	for name, state := range c.jobs {
		if state == "Running" && c.looks < 0 {
			c.jobs[name] = c.ends
		}
	}
}

func (c *migrated) describe(name, state string) string {
	condition := map[string]string{"Complete": `{"type":"Complete","status":"True"}`, "Failed": `{"type":"Failed","status":"True","reason":"BackoffLimitExceeded"}`,
		"Lost":             `{"type":"Failed","status":"True","reason":"BackoffLimitExceeded"}`,
		"DeadlineExceeded": `{"type":"Failed","status":"True","reason":"DeadlineExceeded"}`}[state]
	return fmt.Sprintf(`{"metadata":{"name":%q},"spec":{"activeDeadlineSeconds":5},"status":{"conditions":[%s]}}`, name, condition)
}

func TestMigration(t *testing.T) {
	t.Parallel()
	name := Migration{OneOff: OneOff{Watch: Watch{Name: "hello"}}, Arguments: []string{"migrate"}}.name(template)
	for _, test := range []struct {
		name        string
		jobs        map[string]string
		ends        string
		runs, shows bool
		says        string
		lost        bool
		left        []string
	}{
		{"it has run", map[string]string{name: "Complete"}, "", false, false, "", false, []string{name}},
		{"it is new", nil, "Complete", true, true, "", false, []string{name}},
		{"another value has run", map[string]string{"hello-migrate-0": "Complete"}, "Complete", true, true, "", false, []string{"hello-migrate-0", name}},
		{"an interrupted update began it", map[string]string{name: "Running"}, "Complete", false, true, "", false, []string{name}},
		{"another one runs", map[string]string{"hello-migrate-0": "Running"}, "Complete", true, true, "", false, []string{"hello-migrate-0", name}},
		{"it failed, and does not now", map[string]string{name: "Failed"}, "Complete", true, true, "", false, []string{name}},
		{"another one failed before", map[string]string{"hello-migrate-0": "Failed"}, "Complete", true, true, "", false, []string{name}},
		{"it fails", nil, "Failed", true, true, "it failed: hello ended with exit code 1 (Error)\nno such column", false, []string{name}},
		{"it loses its Pod", nil, "Lost", true, true, "it lost its Pod, and may be half done", true, []string{name}},
		{"it had lost its Pod", map[string]string{name: "Lost"}, "", false, false, "it lost its Pod, and may be half done", true, []string{name}},
		{"it takes too long", nil, "DeadlineExceeded", true, true, "it took longer than 5 s and was ended, and may be half done", true, []string{name}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := &migrated{jobs: test.jobs, ends: test.ends, looks: 3}
			if c.jobs == nil {
				c.jobs = map[string]string{}
			}
			server := httptest.NewServer(c)
			var shown []string
			m := Migration{
				Arguments: []string{"migrate"},
				OneOff: OneOff{
					Watch:   Watch{Cluster: standin.Reached(t, server), Namespace: "shop", Name: "hello", NoRestarts: true, Say: func(string) {}},
					Timeout: 5 * time.Second, Show: func(line string) { shown = append(shown, line) },
				},
			}
			err := m.Run(t.Context(), template)
			if fmt.Sprint(err) != test.says && !(err == nil && test.says == "") {
				t.Errorf("it says %v", err)
			}
			var lost Lost
			if errors.As(err, &lost) != test.lost || test.lost && lost.Job != name {
				t.Errorf("lost is %v, for %s", lost, name)
			}
			if (len(c.created) == 1) != test.runs || len(c.created) > 1 {
				t.Errorf("it created %d Jobs", len(c.created))
			}
			want := []string{"one", "two", "half a li"}
			if test.lost { // with its log
				want = want[:2]
			}
			if slices.Equal(shown, want) != test.shows {
				t.Errorf("it shows %q", shown)
			}
			var left []string
			for name := range c.jobs {
				left = append(left, name)
			}
			if slices.Sort(left); !slices.Equal(left, test.left) {
				t.Errorf("%q are left, want %q", left, test.left)
			}
		})
	}
}

// What failed runs again only if it is known to have ended by itself.
func TestMigrationThatNobodyKnowsOf(t *testing.T) {
	t.Parallel()
	m := Migration{OneOff: OneOff{Watch: Watch{Namespace: "shop", Name: "hello"}, Timeout: time.Second}, Arguments: []string{"migrate"}}
	c := &migrated{jobs: map[string]string{m.name(template): "Failed"}, mayNot: true}
	m.Cluster = standin.Reached(t, httptest.NewServer(c))
	if err := m.Run(t.Context(), template); !errors.Is(err, kubeconfig.ErrForbidden) || len(c.created) > 0 {
		t.Errorf("it creates %d Jobs, error %v", len(c.created), err)
	}
}

// A Job runs the new image with other arguments, and without what only a server needs.
func TestMigrationsJob(t *testing.T) {
	m := Migration{OneOff: OneOff{Watch: Watch{Name: "hello"}, Timeout: time.Minute}, Arguments: []string{"migrate", "up"}}
	job, err := json.Marshal(m.job("hello-migrate-0", map[string]any{"spec": map[string]any{"containers": []any{map[string]any{
		"image": "new", "args": []any{"serve"}, "readinessProbe": map[string]any{}, "lifecycle": map[string]any{}, "env": []any{"A"},
	}}}}))
	want := `{"apiVersion":"batch/v1","kind":"Job","metadata":{"labels":{"hello-world/migration-of":"hello","hello-world/one-off-of":"hello"},` +
		`"name":"hello-migrate-0"},"spec":{"activeDeadlineSeconds":60,"backoffLimit":0,"template":{"metadata":{"labels":` +
		`{"hello-world/migration-of":"hello","hello-world/one-off-of":"hello"}},"spec":{"containers":[{"args":["migrate","up"],"env":["A"],"image":"new","volumeMounts":null}],` +
		`"restartPolicy":"Never","volumes":null}}}}`
	if err != nil || string(job) != want {
		t.Errorf("got %s, error %v", job, err)
	}
}
