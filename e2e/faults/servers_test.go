//go:build e2e

package faults

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/load"
)

// servers runs servers that know nothing of this project, each in a stack of its own beside the others: their sources are in
// e2e/servers. They have no admin port, and do not drain. One more, single, runs among the strangers.
var servers = drive.Suite{Name: "Servers", Parallel: true, Scenarios: []drive.Scenario{
	{Name: "Slow", Run: slow.test}, // takes longest, as the next one, so start them first
	{Name: "Streams", Run: streams.test},
	{Name: "API", Run: api.test},
	{Name: "Hungry", Run: hungry.test},
	{Name: "Abrupt", Run: abrupt.test},
	{Name: "Migration", Run: testMigration, Soak: true},
	{Name: "Processes", Run: testProcesses, Soak: true},
	{Name: "Volume", Run: testVolume, Soak: true},
	{Name: "Database", Run: testDatabase, Soak: true},
	{Name: "TenMinutes", Run: testTenMinutes, Soak: true},
	{Name: "LongOrders", Run: testLongOrders, Soak: true},
}}

// server is one of them, and what is special about it.
type server struct {
	name       string                                   // of its program, and of its namespace
	config     []string                                 // that it needs, beside 2 replicas
	page, says string                                   // a path below the service's, and words of the answer
	needs      func(*testing.T, *deployment)            // brings up what it asks for; nil means nothing
	does       func(*testing.T, *deployment)            // checks what else it does
	beside     func(*deployment) (lost func() []string) // sends requests that take longer while Pods go; nil means none
}

var (
	slow = server{
		name: "slow", config: []string{"path=/slow", "healthPath=/slow/healthz"},
		page: "/search", says: "found",
	}
	streams = server{
		name: "streams", config: []string{"path=/", "healthPath=/", "drainTime=20"},
		says: "streams", does: func(t *testing.T, d *deployment) {
			d.streams(t, 75*time.Second) // Traefik's own limit is a minute
			d.keepsConnections(t)
		},
	}
	api = server{
		name: "api", config: []string{"path=/api", "healthPath=/api/healthz /api/livez", "egress=none", `migrate=["migrate","api","1"]`, "verify=/api/notes",
			`workers={"mails":{"args":["work"]}}`, `jobs={"nightly":{"schedule":"0 3 * * *","args":["report"]}}`},
		page: "/notes", says: "notes: ", needs: withDatabase, does: func(t *testing.T, d *deployment) {
			d.works(t, "one")
			withoutDatabase(t, d)
		},
	}
	hungry = server{
		name: "hungry", config: []string{"path=/hungry", "healthPath=/hungry/healthz", "verify=/hungry/page"},
		page: "/page", says: "a page", does: logsMuch,
	}
	abrupt = server{
		name: "abrupt", config: []string{"path=/abrupt", "healthPath=/abrupt/healthz", "drainTime=20", "verify=/abrupt/offers"},
		page: "/offers", says: "offers", beside: func(d *deployment) func() []string { return d.orders("3s") },
	}
	single = server{
		name: "single", config: []string{"replicas=2", "healthPath=/healthz", "monitoring=monitoring", "verify=/hello"},
		says: "welcome", does: hidesMetrics,
	}
)

// deployment is a server that runs, and the copy of the project that runs it.
type deployment struct {
	server
	*drive.Project
	outputs drive.Outputs
}

func (s server) test(t *testing.T) { s.copy(t).test(t) }

// test brings up the server, and checks that users notice nothing of what happens to it then.
func (d *deployment) test(t *testing.T) {
	d.up(t)
	if d.does != nil {
		d.does(t, d)
		drive.Settle()
	}
	requests := load.Start(d.url(), d.says, 100)
	defer requests.Stop() // if the test ends early
	lost := func() []string { return nil }
	if d.beside != nil {
		lost = d.beside(d)
	}
	time.Sleep(300 * time.Millisecond)

	d.Configure(t, `env={"VERSION":"two"}`)
	said := d.Pulumi(t, "up")
	if verified := strings.Contains(said, "verified: "); verified != slices.ContainsFunc(d.config, isVerify) {
		t.Errorf("whether a Pod was tried: %v, in %s", verified, said)
	}
	d.answers(t, "version two")
	d.whole(t)
	d.Kubectl(t, "delete", "pod", d.Pods(t, d.name)[0].Name, "-n", d.name) // returns when it is gone
	d.whole(t)
	if said, err := d.Output("make", "rollback"); err != nil {
		t.Fatal(said, err)
	}
	d.answers(t, "version one")
	d.whole(t)
	time.Sleep(2 * time.Second)
	report := requests.Stop()
	t.Log(report)
	if report.Bad > 0 || report.Slowest > stall {
		t.Errorf("users noticed: %s", report)
	}
	if lost := lost(); len(lost) > 0 {
		t.Errorf("%d longer requests got a bad answer: %q", len(lost), lost)
	}
	if said, err := d.Output("make", "status"); err != nil || !drive.HasLine(said, "healthy: Pods are ready") {
		t.Errorf("make status says %s, error %v", said, err)
	}
}

func isVerify(entry string) bool { return strings.HasPrefix(entry, "verify=") }

// copy makes a copy of the project, whose stack declares the server.
func (s server) copy(t *testing.T) *deployment { return s.copyOf(t, s.image(t)) }

func (s server) copyOf(t *testing.T, image string) *deployment {
	t.Helper()
	d := &deployment{server: s}
	d.Project = site.Copy(t)
	// The last scenario may have just removed it.
	for deadline := time.Now().Add(drive.Patience); len(d.Kubectl(t, "get", "namespace", s.name, "--ignore-not-found", "-o", "name")) > 0; {
		if time.Now().After(deadline) {
			t.Fatalf("the namespace %s is still there", s.name)
		}
	}
	t.Cleanup(func() { d.Kubectl(t, "delete", "namespace", s.name, "--ignore-not-found", "--wait=false") })
	d.Pulumi(t, "stack", "select", "--create", hello.Name)
	d.Configure(t, slices.Concat(drive.Configuration(site.Settings), []string{
		"ingressController=none", "namespace=" + s.name, "image=" + image, "replicas=2", `env={"VERSION":"one"}`,
		"rolloutTimeout=600", "addressTimeout=600", // a slow machine is not a broken one
	}, s.config)...)
	d.Pulumi(t, "config", "rm", "registry")
	if s.needs != nil {
		s.needs(t, d)
	}
	return d
}

func (d *deployment) up(t *testing.T) {
	t.Helper()
	d.Pulumi(t, "up")
	d.outputs = d.Outputs(t)
	d.whole(t)
	d.answers(t, "version one")
	drive.Settle()
}

// url is what users ask for.
func (d *deployment) url() string { return d.outputs.URL + d.page }

// answers waits until users get a version.
func (d *deployment) answers(t *testing.T, version string) {
	t.Helper()
	drive.Eventually(t, d.url(), func(status int, body string) bool {
		return status == 200 && strings.Contains(body, d.says) && strings.Contains(body, version)
	})
}

// whole waits until all Pods are ready and no other is left, such as an evicted one, and fails the test if one was restarted.
func (d *deployment) whole(t *testing.T) {
	t.Helper()
	d.AwaitReplicas(t, d.name, d.outputs.Replicas)
	restarts := d.Kubectl(t, "get", "pods", "-n", d.name, "-o", "jsonpath={.items[*].status.containerStatuses[*].restartCount}")
	if sum(t, restarts) > 0 {
		t.Errorf("the Pods were restarted so many times: %q", restarts)
	}
}

var built struct {
	once   sync.Once
	images map[string]string // by the server's name
}

// image returns the server's image by its digest. The first one to ask builds all, and brings up the Ingress controller that
// they share.
func (s server) image(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		hello.Running(t, "replicas=3")
		registry := "localhost:" + clusterSettings["REGISTRY_PORT"]
		names := []string{slow.name, streams.name, api.name, hungry.name, abrupt.name, single.name}
		const build = `cd e2e/servers && export CGO_ENABLED=0
			go build -buildvcs=false -o bin/ ./visitor
			for server in "$@"; do
				GOOS=linux go build -buildvcs=false -ldflags '-s -w' -o "bin/$server/server" "./$server"
				docker build --quiet --file Dockerfile --tag "$0/$server" "bin/$server"
			done`
		if said, err := hello.Output("bash", append([]string{"-euc", build, registry}, names...)...); err != nil {
			t.Fatal(said, err)
		}
		images := map[string]string{}
		for _, name := range names {
			images[name] = registry + "/" + name + "@" + drive.Push(t, registry+"/"+name)
		}
		built.images = images
	})
	if built.images == nil {
		t.Fatal("the images could not be built")
	}
	return built.images[s.name]
}

// visitor is the program that uses the server streams.
func visitor() string { return filepath.Join(hello.Dir, "e2e/servers/bin/visitor") }
