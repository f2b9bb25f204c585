//go:build e2e

// Package makeup tests the way from no cluster to a service that answers, as `make up` goes it.
package makeup

import (
	"os"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// site gets its cluster from the tests. Its names and ports differ from those
// that people use, and from those of the other tests.
var site = &drive.Site{Root: "../..", Settings: map[string]string{
	"CLUSTER":       "hello-makeup",
	"NODES":         "1",
	"HTTP_PORT":     "18081",
	"REGISTRY":      "hello-makeup-registry",
	"REGISTRY_PORT": "15002",
}}

var makeUp = drive.Suite{Name: "MakeUp", Scenarios: []drive.Scenario{
	{Name: "Interrupted", Run: testInterrupted},
	{Name: "Tour", Run: testTour, Soak: true},
}}

func TestMakeUp(t *testing.T) { makeUp.Run(t, site) }

func TestMain(m *testing.M) { os.Exit(site.Main(m, makeUp)) }

// nothing is the project with a stack and without a cluster. What runs stays no longer than the test.
func nothing(t *testing.T) *drive.Project {
	t.Helper()
	hello := site.Uninhabited(t)
	down(t, hello) // what a run that was interrupted itself may have left
	t.Cleanup(func() { hello.EndOrphans(t) })
	hello.Pulumi(t, "stack", "init", "dev")
	hello.Configure(t, drive.Configuration(site.Settings)...)
	return hello
}

func down(t *testing.T, hello *drive.Project) {
	t.Helper()
	if err := hello.Show("cluster/down.sh"); err != nil {
		t.Error(err)
	}
}

// gone wants neither a cluster nor anything in the stack.
func gone(t *testing.T, hello *drive.Project) {
	t.Helper()
	if left, err := hello.Output("kind", "get", "clusters"); err != nil || strings.Contains(left, site.Settings["CLUSTER"]) {
		t.Errorf("clusters left: %q, error %v", left, err)
	}
	hello.Pulumi(t, "stack", "rm", "dev", "--yes", "--preserve-config") // refuses while resources are left
}
