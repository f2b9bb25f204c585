//go:build e2e

// Package faults does to a running service what happens to services, mostly while users send requests: on a kind cluster of
// its own, with one stack that all scenarios share.
package faults

import (
	"os"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// The cluster's names and ports differ from the user's, and from those of the other tests.
var clusterSettings = map[string]string{
	"CLUSTER":       "hello-faults",
	"NODES":         "3",
	"HTTP_PORT":     "18070",
	"REGISTRY":      "hello-faults-registry",
	"REGISTRY_PORT": "15011",
}

var site = &drive.Site{Root: "../..", Settings: clusterSettings}

// hello is the stack under test.
var hello = &drive.Stack{Site: site, Name: "dev"}

func TestMain(m *testing.M) {
	os.Exit(site.Main(m, drift, names, strangers, servers, faults, migrating, throughGateway))
}

// The suites, in the order in which they run.

func TestDrift(t *testing.T)     { drift.Run(t, site) }
func TestNames(t *testing.T)     { names.Run(t, site) }
func TestStrangers(t *testing.T) { strangers.Run(t, site) }
func TestServers(t *testing.T)   { servers.Run(t, site) }
func TestFaults(t *testing.T)    { faults.Run(t, site) }

// TestMigrating repeats the faults that concern rollouts, each of which now begins with a migration.
func TestMigrating(t *testing.T) {
	hello.Forget()
	hello.Always = []string{`migrate=["--version"]`}
	t.Cleanup(func() { hello.Always = nil; hello.Forget() })
	migrating.Run(t, site)
}

// TestGateway repeats the faults that concern the way in, which now leads through a Gateway and an HTTPRoute.
func TestGateway(t *testing.T) {
	hello.Forget()
	hello.Always = []string{"gateway=traefik/traefik"}
	t.Cleanup(func() { hello.Always = nil; hello.Forget() })
	throughGateway.Run(t, site)
}
