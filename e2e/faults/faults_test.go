//go:build e2e

package faults

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/load"
)

// perSecond is the rate of requests of which none may be lost. `make test` sends fewer: at 500, two thirds of a core serve them.
var perSecond = map[bool]int{true: 200, false: 500}[os.Getenv("SCENARIOS") == "check"]

// faults does to a running service what happens to services, while users send requests, and counts the bad answers.
var faults = drive.Suite{Name: "Faults", Scenarios: []drive.Scenario{
	{Name: "Rollouts", Run: testRollouts},
	{Name: "TenRollouts", Run: testTenRollouts, Soak: true},
	{Name: "OneReplica", Run: testOneReplica},
	{Name: "Scaling", Run: testScaling, Soak: true},
	{Name: "OtherPort", Run: testOtherPort, Soak: true},
	{Name: "DeletedPod", Run: func(t *testing.T) { testDeletedPods(t, 1) }},
	{Name: "AllPodsDeleted", Run: func(t *testing.T) { testDeletedPods(t, 3) }, Soak: true},
	{Name: "DrainedNode", Run: testDrainedNode},
	{Name: "DrainedWorkers", Run: testDrainedWorkers, Soak: true},
	{Name: "KilledProcess", Run: testKilledProcess},
	{Name: "HangingProcess", Run: testHangingProcess, Soak: true},
	{Name: "RestartedIngressController", Run: testRestartedIngressController},
	{Name: "PanicOnFirstRequest", Run: testPanicOnFirstRequest},
	{Name: "NeverReady", Run: testNeverReady},
	{Name: "CannotBePulled", Run: testCannotBePulled},
	{Name: "SidecarFails", Run: testSidecarFails, Soak: true},
	{Name: "Refusals", Run: func(t *testing.T) { testRefusals(t, false) }, Soak: true},
	{Name: "MoreRefusals", Run: func(t *testing.T) { testRefusals(t, true) }, Soak: true},
	{Name: "Verify", Run: testVerify, Soak: true},
	{Name: "WholeVersion", Run: testWholeVersion, Soak: true},
	{Name: "Crash", Run: testCrash, Soak: true},
	{Name: "RegistryStopped", Run: testRegistryStopped, Soak: true},
	{Name: "NodesRestarted", Run: testNodesRestarted, Soak: true},
	{Name: "SlowStart", Run: testSlowStart, Soak: true},
	{Name: "MachineRebooted", Run: testMachineRebooted, Soak: true},
	{Name: "OldStack", Run: func(t *testing.T) { testOldStack(t, "a8ba276", false) }, Soak: true},
	{Name: "LastStack", Run: func(t *testing.T) { testOldStack(t, "0aac387", true) }, Soak: true},
	{Name: "LostNode", Run: testLostNode},
	{Name: "ToGatewayAndBack", Run: testToGatewayAndBack},
}}

// migrating are those of the faults that concern rollouts.
var migrating = drive.Suite{Name: "Migrating", Scenarios: []drive.Scenario{
	{Name: "Rollouts", Run: testRollouts, Soak: true},
	{Name: "TenRollouts", Run: testTenRollouts, Soak: true},
	{Name: "OneReplica", Run: testOneReplica, Soak: true},
	{Name: "Scaling", Run: testScaling, Soak: true},
	{Name: "OtherPort", Run: testOtherPort, Soak: true},
	{Name: "PanicOnFirstRequest", Run: testPanicOnFirstRequest, Soak: true},
	{Name: "NeverReady", Run: testNeverReady, Soak: true},
	{Name: "CannotBePulled", Run: testCannotBePulled, Soak: true},
	{Name: "SidecarFails", Run: testSidecarFails, Soak: true},
	{Name: "Refusals", Run: func(t *testing.T) { testRefusals(t, false) }, Soak: true},
	{Name: "Verify", Run: testVerify, Soak: true},
	{Name: "WholeVersion", Run: testWholeVersion, Soak: true},
	{Name: "Crash", Run: testCrash, Soak: true},
	{Name: "RegistryStopped", Run: testRegistryStopped, Soak: true},
	{Name: "SlowStart", Run: testSlowStart, Soak: true},
}}

// underTest is the stack to which scenarios do something.
type underTest struct{ drive.Outputs }

// threeReplicas brings up the stack with three replicas.
func threeReplicas(t *testing.T) *underTest {
	t.Helper()
	return &underTest{hello.Running(t, "replicas=3")}
}

// underLoad sends users' requests while something happens, and a little longer.
func (f *underTest) underLoad(t *testing.T, happens func()) load.Report {
	t.Helper()
	stream := load.Start(f.URL, "<h1>Hello world</h1>", perSecond)
	defer stream.Stop() // if the test ends early
	time.Sleep(300 * time.Millisecond)
	happens()
	time.Sleep(2 * time.Second)
	report := stream.Stop()
	t.Log(report)
	return report
}

// stall is longer than any answer takes on a slow machine that is busy, and shorter than the 30 s after which Traefik gives up
// a connection by default. The slowest answer is in the log.
const stall = 20 * time.Second

// expectNoBadAnswer is underLoad, and fails the test at a bad answer or a stall.
func (f *underTest) expectNoBadAnswer(t *testing.T, happens func()) {
	t.Helper()
	report := f.underLoad(t, happens)
	if report.Bad > 0 || report.Slowest > stall {
		t.Errorf("users noticed: %s", report)
	}
}

// testTenRollouts builds and rolls out a second version, and makes the two replace each other in turn, until the first one runs
// again, which the next scenario needs.
func testTenRollouts(t *testing.T) {
	f := threeReplicas(t)
	const comment = "// hello greets"
	hello.Edit(t, "app/hello.go", comment, "// Another version.\n"+comment)
	images := [2]string{f.Image}
	f.expectNoBadAnswer(t, func() {
		hello.Pulumi(t, "up")
		images[1] = hello.Outputs(t).Image
		f.rolledOut(t, images[1])
		f.promote(t, images[0])
		for i := range 9 {
			hello.Pulumi(t, "config", "set", "image", images[i%2])
			hello.Pulumi(t, "up", "--skip-preview") // the previews would all be the same
			f.rolledOut(t, images[i%2])
		}
		f.awaitThreePods(t) // the last version's Pods have drained
	})
	if images[0] == images[1] {
		t.Fatalf("two versions of the source gave one image, %s", images[0])
	}
}

// rolledOut fails the test unless every Pod that counts is ready and of the new version as soon as `pulumi up` has ended.
func (f *underTest) rolledOut(t *testing.T, image string) {
	t.Helper()
	const says = "jsonpath={.status.replicas} {.status.updatedReplicas} {.status.availableReplicas} {.spec.template.spec.containers[*].image}"
	pods := hello.Kubectl(t, "get", "deployment", "hello", "-n", f.Namespace, "-o", says)
	if !slices.Equal(pods, []string{"3", "3", "3", image}) {
		t.Errorf("pulumi up ended with %q Pods in all, new and available, and their image, want 3 of each and %s", pods, image)
	}
}

// testOneReplica has a single Pod, which serves until its successor does. By default that has ten seconds to get ready, which
// three clusters on a slow machine may take.
func testOneReplica(t *testing.T) {
	f := &underTest{hello.Running(t, "drainTime=30")}
	whole := func() { hello.AwaitReplicas(t, f.Namespace, 1) }
	f.expectNoBadAnswer(t, func() { // a new version, and back
		hello.Edit(t, "app/hello.go", "// hello greets", "//\n// hello greets")
		hello.Pulumi(t, "up")
		if image := hello.Outputs(t).Image; image == f.Image {
			t.Errorf("the version is still %s", image)
		}
		whole()
	})
	f.expectNoBadAnswer(t, func() {
		hello.Kubectl(t, "delete", "pod", f.pods(t)[0].Name, "-n", f.Namespace)
		whole()
	})
	node := f.pods(t)[0].Node
	f.expectNoBadAnswer(t, func() {
		hello.Kubectl(t, "drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout", "300s")
		whole()
	})
	hello.Kubectl(t, "uncordon", node)

	// Further Pods get their share, however they came.
	f.expectNoBadAnswer(t, func() {
		hello.Kubectl(t, "scale", "deployment", "hello", "--replicas=3", "-n", f.Namespace)
		drive.Arrive(t, f.URL).Meet(t, hello.Project, f.Namespace, 3)
		hello.Pulumi(t, "up", "--refresh")
		whole()
		hello.Pulumi(t, "config", "set", "replicas", "3")
		hello.Pulumi(t, "up")
		drive.Arrive(t, f.URL).Meet(t, hello.Project, f.Namespace, 3)
	})
}

func testScaling(t *testing.T) {
	f := threeReplicas(t)
	f.expectNoBadAnswer(t, func() {
		for _, replicas := range []string{"1", "5", "3"} {
			hello.Pulumi(t, "config", "set", "replicas", replicas)
			hello.Pulumi(t, "up")
		}
		f.awaitThreePods(t)
	})
}

// testOtherPort makes the server listen on another port: for a while, Pods with either port serve.
func testOtherPort(t *testing.T) {
	f := threeReplicas(t)
	f.expectNoBadAnswer(t, func() {
		hello.Pulumi(t, "config", "set", "port", "9190")
		hello.Pulumi(t, "up")
		listens := hello.Kubectl(t, "get", "service", "hello-service", "-n", f.Namespace, "-o", "jsonpath={.spec.ports[*].port}")
		if !slices.Equal(listens, []string{"9190"}) {
			t.Errorf("the Service listens on %q, want 9190", listens)
		}
		hello.Pulumi(t, "config", "rm", "port")
		hello.Pulumi(t, "up")
		f.awaitThreePods(t)
	})
}

// testDeletedPods deletes so many of the three Pods, one after another.
func testDeletedPods(t *testing.T, deleted int) {
	f := threeReplicas(t)
	f.expectNoBadAnswer(t, func() {
		for _, pod := range f.pods(t)[:deleted] {
			hello.Kubectl(t, "delete", "pod", pod.Name, "-n", f.Namespace) // returns when it is gone
			f.awaitThreePods(t)
		}
	})
}

func testDrainedNode(t *testing.T) {
	f := threeReplicas(t)
	node := f.busiestWorker(t)
	f.expectNoBadAnswer(t, func() {
		hello.Kubectl(t, "drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout", "300s")
		f.awaitThreePods(t)
	})
	if left := f.pods(t).On(node); len(left) > 0 {
		t.Errorf("%+v are still on the drained node", left)
	}
	hello.Kubectl(t, "uncordon", node)
}

// testDrainedWorkers drains all nodes that Pods may run on. One Pod has to go and finds no
// other node; the disruption budget keeps the others until it does.
func testDrainedWorkers(t *testing.T) {
	f := threeReplicas(t)
	workers := workers(t)
	f.expectNoBadAnswer(t, func() {
		drain := append(slices.Clone(hello.Cluster), "drain", "--ignore-daemonsets", "--delete-emptydir-data", "--timeout", "10s")
		if out, err := hello.Output("kubectl", append(drain, workers...)...); err == nil || !strings.Contains(err.Error(), "disruption budget") {
			t.Errorf("all of %q could be drained: %s, error %v", workers, out, err)
		}
		if left := f.pods(t).Ready(); len(left) != 2 {
			t.Errorf("%d of three Pods are left, want 2: %+v", len(left), left)
		}
		hello.Kubectl(t, append([]string{"uncordon"}, workers...)...)
		f.awaitThreePods(t)
	})
}

// testKilledProcess kills a server without a warning. Its requests go to the other Pods, as everything else does.
func testKilledProcess(t *testing.T) {
	f := threeReplicas(t)
	f.expectNoBadAnswer(t, func() { f.restartedAfter(t, "KILL") })
}

// testHangingProcess stops a server in the time that it may take to start, rolloutTimeout, after it has started. It is restarted before
// that is over.
func testHangingProcess(t *testing.T) {
	f := threeReplicas(t)
	restart(t, f.Namespace, "hello", 3)
	began := time.Now()
	f.restartedAfter(t, "STOP")
	t.Logf("after %s", time.Since(began))
}

// restartedAfter sends a signal to a server, and waits until its container was restarted.
func (f *underTest) restartedAfter(t *testing.T, signal string) {
	t.Helper()
	node := f.busiestWorker(t)
	restarts := func() int {
		return sum(t, hello.Kubectl(t, "get", "pods", "-n", f.Namespace, "-o", "jsonpath={.items[*].status.containerStatuses[*].restartCount}"))
	}
	before := restarts()
	drive.Docker(t, "exec", node, "pkill", "-"+signal, "--oldest", "--exact", "hello-world")
	for deadline := time.Now().Add(drive.Patience); restarts() == before; time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the container was not restarted")
		}
	}
	f.awaitThreePods(t)
}

func testRestartedIngressController(t *testing.T) {
	f := threeReplicas(t)
	f.expectNoBadAnswer(t, func() { restart(t, "traefik", "traefik", 2) })
}

// testLostNode stops a worker for good. Requests under way to its Pods may be lost;
// everything else goes to the other Pods, which are three again before long.
func testLostNode(t *testing.T) {
	f := threeReplicas(t)
	node := f.busiestWorker(t)
	onIt := len(f.pods(t).On(node))
	if onIt != 2 { // after a node was drained, Pods stay where they are; new ones spread evenly
		restart(t, f.Namespace, "hello", 3)
		node = f.busiestWorker(t)
		onIt = len(f.pods(t).On(node))
	}
	if onIt != 2 {
		t.Fatalf("%d of the three Pods are on %s, want 2", onIt, node)
	}
	t.Cleanup(func() { // later scenarios need the node, without the Pods on it
		drive.Docker(t, "start", node)
		hello.Kubectl(t, "wait", "nodes", "--all", "--for", "condition=Ready", "--timeout", "300s")
	})
	var wholeAfter time.Duration
	report := f.underLoad(t, func() {
		stopped := time.Now()
		drive.Docker(t, "kill", node)
		hello.AwaitPods(t, f.Namespace, 2*drive.Patience, func(pods drive.Pods) bool {
			return len(pods.Elsewhere(node).Ready()) == 3
		})
		wholeAfter = time.Since(stopped)
	})
	t.Logf("%d of three Pods were on the node; three were ready again after %.0f s, the bad answers came within %.0f s", onIt, wholeAfter.Seconds(), report.Lasted.Seconds())
	if report.Bad > load.Connections {
		t.Errorf("more was lost than was under way: %s", report)
	}
}

// promote makes the stack run an existing image.
func (f *underTest) promote(t *testing.T, image string) {
	hello.Pulumi(t, "config", "rm", "registry")
	hello.Pulumi(t, "config", "set", "image", image)
}

func (f *underTest) pods(t *testing.T) drive.Pods {
	t.Helper()
	return hello.Pods(t, f.Namespace)
}

// restart replaces a Deployment's Pods, and returns when the old ones are gone.
func restart(t *testing.T, namespace, deployment string, replicas int) {
	t.Helper()
	hello.Kubectl(t, "rollout", "restart", "deployment/"+deployment, "-n", namespace)
	hello.Kubectl(t, "rollout", "status", "deployment/"+deployment, "-n", namespace, "--timeout", "300s")
	hello.AwaitReplicas(t, namespace, replicas)
}

// busiestWorker returns the worker with most of the service's Pods.
func (f *underTest) busiestWorker(t *testing.T) string {
	t.Helper()
	pods := f.pods(t)
	node := slices.MaxFunc(workers(t), func(a, b string) int { return len(pods.On(a)) - len(pods.On(b)) })
	if len(pods.On(node)) == 0 {
		t.Fatal("no Pod runs on a worker")
	}
	return node
}

// awaitThreePods waits until three Pods are ready and no other is left.
func (f *underTest) awaitThreePods(t *testing.T) {
	t.Helper()
	hello.AwaitReplicas(t, f.Namespace, 3)
}

func sum(t *testing.T, numbers []string) (total int) {
	for _, number := range numbers {
		var n int
		if _, err := fmt.Sscan(number, &n); err != nil {
			t.Fatal(err)
		}
		total += n
	}
	return total
}

// testRollouts builds and rolls out a version, goes back to the previous one, stays there, and goes forward and back again.
func testRollouts(t *testing.T) {
	f := threeReplicas(t)
	first := f.Image
	hello.Edit(t, "app/hello.go", "// hello greets", "//\n//\n//\n// hello greets")
	run := func(command string, args ...string) string {
		t.Helper()
		said, err := hello.Output(command, args...)
		if err != nil {
			t.Fatal(said, err)
		}
		return said
	}
	short := func(image string) string { return image[strings.Index(image, "@sha256:")+len("@sha256:"):][:12] }
	f.expectNoBadAnswer(t, func() {
		hello.Pulumi(t, "up")
		second := hello.Outputs(t).Image
		f.rolledOut(t, second)
		if said := hello.OnTerminal(t, "make", "rollback"); !strings.Contains(said, "✓ stack ") {
			t.Errorf("a terminal does not show that it has ended: %s", said)
		}
		f.rolledOut(t, first)
		// A routine update does not bring the bad version back.
		if said := hello.Pulumi(t, "up"); !strings.Contains(said, "held at "+first) {
			t.Errorf("it does not say that the version is held: %s", said)
		}
		f.rolledOut(t, first)
		if said := run("make", "history"); !drive.HasLine(said, short(first)+" 3 runs, held") || !drive.HasLine(said, short(second)) {
			t.Errorf("the history lacks the held version, or the other one: %s", said)
		}
		run("make", "forward")
		f.rolledOut(t, second)
		run("make", "rollback", "TO="+short(first))
		f.rolledOut(t, first)
		f.awaitThreePods(t)
	})
	if said, err := hello.Output("make", "rollback", "TO=0123"); err == nil || !strings.Contains(err.Error(), `no version of the stack begins with "0123"`) {
		t.Errorf("going back to no version says %v: %s", err, said)
	}
}
