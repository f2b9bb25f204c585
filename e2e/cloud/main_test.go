//go:build e2e

// Package cloud tests the cloud target, on a kind cluster that stands in for a cloud's: the program knows only its kubeconfig,
// and its registry, Ingress controller and load balancers are not the stack's.
package cloud

import (
	"os"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// site has a cluster of which the program knows only the kubeconfig. Its names and ports differ from those of users and of
// the other tests.
var site = &drive.Site{Root: "../..", Up: "e2e/cloud/up.sh", Kubeconfig: "cloud.kubeconfig", Settings: map[string]string{
	"CLUSTER":       "hello-cloud",
	"REGISTRY":      "hello-cloud-registry",
	"REGISTRY_PORT": "15021",
	// Secrets that leave the machine must be encrypted.
	"PULUMI_CONFIG_PASSPHRASE": "stand-in passphrase",
}}

// The users in testdata/htpasswd.
const (
	username = "hello"
	password = "stand-in"

	puller       = "puller"
	pullPassword = "stand-in too"
)

// onCloud has stacks that share the cluster, each in a namespace of its own. They run side by side, because they spend most
// of the time waiting.
var onCloud = drive.Suite{Name: "Cloud", Parallel: true, Scenarios: []drive.Scenario{
	{Name: "Autoscaling", Run: testAutoscaling, Soak: true}, // takes longest, so start it first
	{Name: "SlowBalancer", Run: testSlowBalancer, Soak: true},
	{Name: "ServiceTypes", Run: testServiceTypes},
	{Name: "TwoStacks", Run: testTwoStacks},
	{Name: "TLS", Run: testTLS},
	{Name: "Gateway", Run: testGateway},
	{Name: "GivenNamespace", Run: testGivenNamespace},
	{Name: "ClusterStack", Run: testClusterStack},
	{Name: "Registry", Run: testRegistryWithCredentials, Soak: true},
	{Name: "WrongCredentials", Run: testWrongCredentialsDeployNothing},
	{Name: "EmptyPassphrase", Run: testEmptyPassphrase},
	{Name: "WrongCluster", Run: testWrongCluster, Soak: true},
	{Name: "Promotion", Run: testPromotion},
	{Name: "ThousandPods", Run: testThousandPods, Soak: true},
	{Name: "TwentyServices", Run: testTwentyServices, Soak: true},
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
