//go:build e2e

// Package cloud tests the cloud target, on a kind cluster that stands in for a
// cloud's: the program knows it by its kubeconfig alone, and its registry,
// Ingress controller and load balancers are not the stack's.
package cloud

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// hello is the project under test. Its own kubeconfig does not exist, so that
// it reaches a cluster only as the configuration says.
var hello *drive.Project

// The names and ports differ from those that people use, and from those of the
// other tests.
var settings = map[string]string{
	"CLUSTER":       "hello-cloud",
	"REGISTRY":      "hello-cloud-registry",
	"REGISTRY_PORT": "15021",
}

// What testdata/htpasswd lets in.
const (
	username = "hello"
	password = "stand-in"
)

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	root, err := filepath.Abs("../..")
	if err == nil {
		hello, err = drive.NewProject(root, settings)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	hello.Cluster = []string{"--kubeconfig", kubeconfig()}
	return hello.With("KUBECONFIG="+kubeconfig()).RunOnCluster(m, "e2e/cloud/up.sh")
}

// kubeconfig is the file that leads to the cluster.
func kubeconfig() string { return filepath.Join(hello.Dir, "cloud.kubeconfig") }

// registry is where the cluster's users push.
func registry() string { return "localhost:" + settings["REGISTRY_PORT"] }
