//go:build e2e

// Package e2e tests the project on a kind cluster of its own, from its first
// `pulumi up` to `pulumi destroy`.
package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// hello is the project under test, on a running cluster without a stack.
var hello *drive.Project

// The cluster's names and ports differ from those that people use.
var clusterSettings = map[string]string{
	"CLUSTER":       "hello-e2e",
	"NODES":         "3",
	"HTTP_PORT":     "18080",
	"REGISTRY":      "hello-e2e-registry",
	"REGISTRY_PORT": "15001",
}

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	root, err := filepath.Abs("..")
	if err == nil {
		hello, err = drive.NewProject(root, clusterSettings)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	hello.Cluster = []string{"--context", "kind-" + clusterSettings["CLUSTER"]}
	return hello.RunOnCluster(m, "cluster/up.sh")
}
