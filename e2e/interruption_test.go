//go:build e2e

package e2e

import (
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// interruption ends pulumi in the middle of its work, by Ctrl-C and by SIGKILL. The next command works, if need be after the
// one that its error names, and nothing of the interrupted one stays behind.
var interruption = drive.Suite{Name: "Interruption", Scenarios: []drive.Scenario{
	{Name: "Update", Run: testUpdateInterrupted},
	{Name: "Destroy", Run: testDestroyInterrupted, Soak: true},
	{Name: "EachStepOfUpdate", Run: func(t *testing.T) { eachStep(t, update) }, Soak: true},
	{Name: "EachStepOfDestroy", Run: func(t *testing.T) { eachStep(t, destroy) }, Soak: true},
	{Name: "EachStepOfCreate", Run: func(t *testing.T) { eachStep(t, create) }, Soak: true},
}}

// testUpdateInterrupted kills an update while it builds, and the next one while it rolls out.
func testUpdateInterrupted(t *testing.T) {
	update.prepare(t)
	t.Cleanup(func() { hello.EndOrphans(t) })
	hello.Interrupt(t, kill("Image hello-world updating"), "pulumi", "--non-interactive", "up")
	hello.Pulumi(t, "cancel", "--yes")
	hello.Interrupt(t, kill("Deployment hello updating"), "pulumi", "--non-interactive", "up")
	recovered(t)
}

// testDestroyInterrupted kills a destroy when it begins, ends the next one by Ctrl-C when it is almost over, and checks that
// `make down` leaves nothing of the stack, but leaves the cluster, which runs another stack.
func testDestroyInterrupted(t *testing.T) {
	destroy.prepare(t)
	t.Cleanup(func() { hello.EndOrphans(t) })
	outputs := hello.Last()
	hello.Interrupt(t, kill("Namespace hello deleting"), "pulumi", "--non-interactive", "destroy")
	hello.Pulumi(t, "cancel", "--yes")
	// The other namespace is gone too, or about to go, and the state may not know.
	hello.Interrupt(t, ctrlC("Namespace traefik deleted"), "pulumi", "--non-interactive", "destroy")
	hello.Kubectl(t, "create", "namespace", "others")
	t.Cleanup(func() { hello.Kubectl(t, "delete", "namespace", "others") })
	hello.Kubectl(t, "annotate", "namespace", "others", "hello-world/stack=organization/hello-world/mine")
	if said := hello.AfterInterruption(t, "make", "down"); !drive.HasLine(said, "stays, because other stacks run there: mine") {
		t.Errorf("it does not say that the cluster stays: %s", said)
	}
	nothingLeft(t, outputs)
}

func ctrlC(at string) drive.Interruption {
	return drive.Interruption{At: at, Signal: syscall.SIGINT, All: true}
}

func kill(at string) drive.Interruption { return drive.Interruption{At: at, Signal: syscall.SIGKILL} }

// work is a command to interrupt, with its preparation.
type work struct {
	command string
	prepare func(t *testing.T)
}

var (
	// update builds another image and rolls it out.
	update = work{"up", func(t *testing.T) {
		hello.Running(t, "replicas=3")
		edits++
		const comment = "// hello greets"
		hello.Edit(t, "app/hello.go", comment, strings.Repeat("//\n", edits)+comment) // other line numbers make another binary
	}}
	destroy = work{"destroy", func(t *testing.T) { hello.Running(t, "replicas=3") }}
	create  = work{"up", func(t *testing.T) {
		hello.Ready(t, "replicas=3")
		undrained(t)
		hello.Pulumi(t, "destroy")
	}}
)

// undrained ends all Pods at once, so that the scenario does not wait for their drain.
func undrained(t *testing.T) {
	t.Helper()
	for _, namespace := range []string{"hello", "traefik"} {
		for _, args := range [][]string{{"scale", "deployment", "--all", "--replicas", "0"}, {"delete", "pods", "--all", "--grace-period", "0", "--force"}} {
			if said, err := hello.Output("kubectl", slices.Concat(hello.Cluster, args, []string{"-n", namespace})...); err != nil {
				t.Log(said, err) // there may be none
			}
		}
	}
}

// edits counts the edits, so that each differs from the last.
var edits int

// interrupted does the work, ends it, and brings the service up.
func interrupted(t *testing.T, w work, how drive.Interruption) {
	t.Helper()
	w.prepare(t)
	hello.Interrupt(t, how, "pulumi", "--non-interactive", w.command)
	t.Cleanup(func() { hello.EndOrphans(t) })
	if w.command == destroy.command {
		// The cluster deletes what it was told to, and the state may not know.
		recovered(t, "--refresh")
	} else {
		recovered(t)
	}
}

// recovered fails the test unless the next `pulumi up`, with the options, brings up the whole service.
func recovered(t *testing.T, options ...string) {
	t.Helper()
	hello.AfterInterruption(t, "pulumi", append([]string{"--non-interactive", "up"}, options...)...)
	outputs := hello.Outputs(t)
	hello.AwaitReplicas(t, outputs.Namespace, 3)
	drive.Eventually(t, outputs.URL, drive.IsGreeting)
	hello.Pulumi(t, "up", "--refresh", "--expect-no-changes")
}

// eachStep does the work once to the end, to see its steps, then once for each step and each way to end it.
func eachStep(t *testing.T, w work) {
	w.prepare(t)
	for _, step := range steps(hello.Pulumi(t, w.command)) {
		for _, how := range []drive.Interruption{ctrlC(step), kill(step)} {
			t.Run(how.String(), func(t *testing.T) { interrupted(t, w, how) })
		}
	}
}

var step = regexp.MustCompile(`:(\w+ \S+ (?:creating|created|updating|updated|deleting|deleted)) \(`)

// steps returns the beginnings and ends of operations in the output, such as "Namespace hello deleting", once each.
func steps(said string) (found []string) {
	for _, line := range step.FindAllStringSubmatch(said, -1) {
		if !slices.Contains(found, line[1]) {
			found = append(found, line[1])
		}
	}
	return found
}

// nothingLeft fails the test if anything is left of a destroyed stack.
func nothingLeft(t *testing.T, outputs drive.Outputs) {
	t.Helper()
	if left := hello.Kubectl(t, "get", "namespaces", outputs.Namespace, "traefik", "--ignore-not-found", "-o", "name"); len(left) > 0 {
		t.Errorf("namespaces left: %q", left)
	}
	if left := hello.Kubectl(t, "get", "ingressclasses,clusterroles,clusterrolebindings", "-o", "name"); slices.ContainsFunc(left, ours) {
		t.Errorf("cluster-wide objects of ours are left among %q", left)
	}
	if _, _, err := drive.Get(outputs.URL); err == nil {
		t.Errorf("%s still answers", outputs.URL)
	}
	hello.Pulumi(t, "stack", "rm", hello.Name, "--yes", "--preserve-config") // refuses while resources are left
}

func ours(name string) bool {
	return strings.Contains(name, "traefik") || strings.Contains(name, "hello")
}
