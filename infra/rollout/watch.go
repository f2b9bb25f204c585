package rollout

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"example.com/hello-world/infra/kubeconfig"
)

// Watch waits for the Pods of one version, and says in the cluster's words what is wrong with them.
type Watch struct {
	Cluster         *kubeconfig.Connection
	Namespace, Name string // of the Deployment

	FixedNodes bool         // nothing adds nodes: a Pod that fits on none never will
	NoRestarts bool         // a container that has ended is not waited for, although Kubernetes restarts it
	Say        func(string) // is told what is wrong and may mend
}

// Tests have less time.
var (
	pause   = 250 * time.Millisecond // between two looks at what is waited for
	between = time.Second            // between two looks at what is wrong
	settled = 3 * time.Second        // what is wrong for so long is no passing state
	retried = 30 * time.Second       // nor is this, if a node has tried again: it does after 10 s
	told    = 10 * time.Second       // after that, the cluster has told that a container has ended
)

// version is what is waited for: Pods, and the ReplicaSet or Job that creates them.
type version struct {
	kind, creator string
	refused       string // why it could not create one; "" if it could
	pods          []kubeconfig.Pod

	othersThere, othersReady bool // Pods of other versions
	roomComes                bool // one of them leaves
}

// until waits until something is done. Meanwhile, it looks at the version: the error after the patience says what is wrong with
// it; it comes earlier if no waiting mends that.
func (w Watch) until(ctx context.Context, patience time.Duration, done func() (bool, error), of func() (version, error)) error {
	began := time.Now()
	looked := began
	var causes []cause
	var watched version
	var silent error // a moment without the cluster's API is no failure
	lasting, said := map[string]time.Time{}, map[string]bool{}
	err := wait.PollUntilContextTimeout(ctx, pause, patience, true, func(context.Context) (is bool, err error) {
		is, silent = done()
		if is || silent != nil || time.Since(looked) < between {
			return is && silent == nil, nil
		}
		looked = time.Now()
		if watched, err = of(); err != nil {
			return false, nil // these credentials may not look at Pods: only the patience ends this
		}
		causes = w.causes(ctx, watched, began)
		since := map[string]time.Time{}
		for _, c := range causes {
			since[c.kind] = looked
			if first, before := lasting[c.kind]; before {
				since[c.kind] = first
			}
			switch age := looked.Sub(since[c.kind]); {
			case !c.certain && age < settled:
			case c.stays && (!c.retried || age >= retried):
				return false, fmt.Errorf("it cannot get ready: %s", c.said)
			case !c.usual && !said[c.kind]:
				said[c.kind] = true
				w.Say(fmt.Sprintf("%s; waiting whether that mends, at most %s", gist(c.said), (patience - time.Since(began)).Round(time.Second)))
			}
		}
		lasting = since
		return false, nil
	})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case !wait.Interrupted(err):
		return err
	}
	late := fmt.Sprintf("it is not ready after %s", patience)
	if silent != nil {
		return fmt.Errorf("%s: %w", late, silent)
	}
	var all []string
	for _, c := range causes {
		all = append(all, c.said)
	}
	if len(all) == 0 {
		all = watched.starting()
	}
	if len(all) == 0 {
		return errors.New(late)
	}
	return fmt.Errorf("%s: %s", late, strings.Join(all, "; "))
}

// nothing is what to look at where nothing can be wrong.
func nothing() (version, error) { return version{}, nil }

// gist returns a text's first line, and of what follows the line that says most: that of a panic, or else the last one.
func gist(text string) string {
	how, words, _ := strings.Cut(text, "\n")
	lines := strings.Split(strings.TrimSpace(words), "\n")
	says := lines[len(lines)-1]
	for _, line := range lines {
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			says = line
			break
		}
	}
	if says == "" {
		return how
	}
	return how + ": " + says
}
