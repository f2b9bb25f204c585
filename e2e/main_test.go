//go:build e2e

// Package e2e tests the project as on a laptop: on a kind cluster of its own, with one stack that all scenarios share.
package e2e

import (
	"os"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// The cluster's names and ports differ from the user's.
var clusterSettings = map[string]string{
	"CLUSTER":       "hello-e2e",
	"NODES":         "3",
	"HTTP_PORT":     "18080",
	"REGISTRY":      "hello-e2e-registry",
	"REGISTRY_PORT": "15001",
}

var site = &drive.Site{Root: "..", Settings: clusterSettings}

// hello is the stack under test.
var hello = &drive.Stack{Site: site, Name: "dev", Always: []string{"drainTime=3"}} // nobody sends requests that could be lost

func TestMain(m *testing.M) {
	os.Exit(site.Main(m, makeUp, interruption, service, policies, byHand, state, several, adoption, dashboard, live, dev, makeDown, keep))
}

// The suites, in the order in which they run.

func TestMakeUp(t *testing.T)       { makeUp.Run(t, site) }
func TestInterruption(t *testing.T) { interruption.Run(t, site) }
func TestService(t *testing.T)      { service.Run(t, site) }
func TestPolicies(t *testing.T)     { policies.Run(t, site) }
func TestByHand(t *testing.T)       { byHand.Run(t, site) }
func TestState(t *testing.T)        { state.Run(t, site) }
func TestSeveral(t *testing.T)      { several.Run(t, site) }
func TestAdoption(t *testing.T)     { adoption.Run(t, site) }
func TestDashboard(t *testing.T)    { dashboard.Run(t, site) }
func TestLive(t *testing.T)         { live.Run(t, site) }
func TestDev(t *testing.T)          { dev.Run(t, site) }
func TestMakeDown(t *testing.T)     { makeDown.Run(t, site) }
func TestKeep(t *testing.T)         { keep.Run(t, site) }
