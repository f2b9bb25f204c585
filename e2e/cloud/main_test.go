//go:build e2e

// Package cloud tests the cloud target, on a kind cluster that stands in for a
// cloud's: the program knows it by its kubeconfig alone, and its registry,
// Ingress controller and load balancers are not the stack's.
package cloud

import (
	"os"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// site has a cluster that the program knows by its kubeconfig alone. The names and ports differ from those that people
// use, and from those of the other tests.
var site = &drive.Site{Root: "../..", Up: "e2e/cloud/up.sh", Kubeconfig: "cloud.kubeconfig", Settings: map[string]string{
	"CLUSTER":       "hello-cloud",
	"REGISTRY":      "hello-cloud-registry",
	"REGISTRY_PORT": "15021",
	// What leaves a machine is encrypted.
	"PULUMI_CONFIG_PASSPHRASE": "stand-in passphrase",
}}

// What testdata/htpasswd lets in.
const (
	username = "hello"
	password = "stand-in"

	puller       = "puller"
	pullPassword = "stand-in too"
)

// onCloud has stacks that share the cluster, each in a namespace of its own, so that they run side by side: much of the
// time is spent waiting.
var onCloud = drive.Suite{Name: "Cloud", Parallel: true, Scenarios: []drive.Scenario{
	{Name: "Autoscaling", Run: testAutoscaling}, // takes longest, so it begins first
	{Name: "SlowBalancer", Run: testSlowBalancer},
	{Name: "ServiceTypes", Run: testServiceTypes},
	{Name: "TwoStacks", Run: testTwoStacks},
	{Name: "TLS", Run: testTLS},
	{Name: "ClusterStack", Run: testClusterStack},
	{Name: "Registry", Run: testRegistryWithCredentials},
	{Name: "WrongCredentials", Run: testWrongCredentialsDeployNothing},
	{Name: "EmptyPassphrase", Run: testEmptyPassphrase},
	{Name: "WrongCluster", Run: testWrongCluster},
	{Name: "Promotion", Run: testPromotion},
	{Name: "ThousandPods", Run: testThousandPods, Soak: true},
}}

// hello is the project under test.
var hello *drive.Project

func TestCloud(t *testing.T) {
	hello = site.Project(t)
	onCloud.Run(t, site)
}

func TestMain(m *testing.M) { os.Exit(site.Main(m, onCloud)) }

// registry is where the cluster's users push.
func registry() string { return "localhost:" + site.Settings["REGISTRY_PORT"] }
