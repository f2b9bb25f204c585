package rollout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/infra/internal/standin"
)

// A job runs as its schedule would run it, and a command as the server runs.
func TestCommand(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, job  string
		ends, says string
		there      map[string]string
		left       int
		has        string
	}{
		{"a job", "nightly", "Complete", "<nil>", nil, 1, `"backoffLimit":0`},
		{"a job that fails", "nightly", "Failed", "hello ended with exit code 1 (Error)", nil, 1, `"uid":"u"`},
		{"a job that runs already", "nightly", "", "it runs already, since ", map[string]string{"hello-nightly-1": "Running"}, 1, ""},
		{"an unknown job", "weekly", "", "there is none: ", nil, 0, ""},
		{"a command", "", "Complete", "<nil>", nil, 0, `{"args":["seed","--all"],"env":["A"],"image":"it","stdin":false,"tty":false,"volumeMounts":[{"name":"tmp"}]}],"restartPolicy":"Never","volumes":[{"name":"tmp"}]`},
		{"a command that fails", "", "Failed", "hello ended with exit code 1 (Error)", nil, 0, `"ttlSecondsAfterFinished":60`},
		{"a command that ends before anybody attaches", "attach", "Complete", "<nil>", nil, 0, `"stdin":true,"tty":true`},
		{"a command to which nobody may attach", "attach", "Running", "you may not attach", nil, 0, ""},
		{"a command whose Pod is lost", "", "Lost", "it lost its Pod, and may be half done", nil, 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := &migrated{jobs: map[string]string{}, ends: test.ends, looks: 3}
			for name, state := range test.there {
				c.jobs[name], c.looks = state, 1000
			}
			shown := ""
			command := Command{OneOff: OneOff{
				Watch:   Watch{Cluster: standin.Reached(t, httptest.NewServer(c)), Namespace: "shop", Name: "hello", NoRestarts: true, Say: func(string) {}},
				Timeout: 5 * time.Second, Show: func(line string) { shown += line + "\n" },
			}}
			var err error
			switch test.job {
			case "attach":
				command.Attach = func(context.Context, string) error { return errors.New("you may not attach") }
				fallthrough
			case "":
				err = command.Run(t.Context(), []string{"seed", "--all"})
			default:
				err = command.RunJob(t.Context(), test.job)
			}
			if !strings.HasPrefix(fmt.Sprint(err), test.says) {
				t.Errorf("it says %v, want %s", err, test.says)
			}
			created, _ := json.Marshal(c.created) // was decoded
			if !strings.Contains(string(created), test.has) {
				t.Errorf("it creates %s, without %s", created, test.has)
			}
			if len(c.jobs) != test.left {
				t.Errorf("these Jobs are left: %v", c.jobs)
			}
			if test.ends == "Complete" && shown != "one\ntwo\nhalf a li\n" {
				t.Errorf("it shows %q", shown)
			}
		})
	}
}
