//go:build e2e

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// The cluster's names and ports differ from those that people use, and from those
// of the tests.
var clusterSettings = map[string]string{
	"CLUSTER":       "hello-bench",
	"NODES":         "1",
	"HTTP_PORT":     "18090",
	"REGISTRY":      "hello-bench-registry",
	"REGISTRY_PORT": "15091",
}

const (
	registry = "localhost:15091"
	node     = "hello-bench-control-plane"
	ingress  = "http://127.0.0.1:18090"
	stack    = "bench"
)

// bench is the copy of the project that is measured, and what it is compared with.
type bench struct {
	*drive.Project
	root  string // the checkout, where the results go
	edits int    // how many there have been: each is another one
}

// newBench takes over the project in the folder root, and the ko command.
func newBench(root, ko string) (*bench, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "hello-bench-")
	if err != nil {
		return nil, err
	}
	p, err := drive.NewProject(root, dir, clusterSettings)
	if err != nil {
		return nil, err
	}
	if ko, err = filepath.Abs(ko); err == nil {
		err = os.Symlink(ko, filepath.Join(p.Dir, "bin", "ko"))
	}
	return &bench{Project: p, root: root}, err
}

// deploy brings up the cluster with the service on it, and beside it what people
// deploy otherwise, all with three replicas.
func (b *bench) deploy() error {
	say("a cluster of its own, with all that is compared")
	if err := errors.Join(b.Show("cluster/down.sh"), b.Show("cluster/up.sh")); err != nil {
		return fmt.Errorf("the cluster did not come up: %w", err)
	}
	for _, step := range []func() error{
		func() error { return b.newStack(stack, 3) },
		func() error { return b.pulumi("up") },
		b.deployByHand,
		b.deployByKo,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// newStack makes a stack for this cluster.
func (b *bench) newStack(name string, replicas int) error {
	if err := b.pulumi("stack", "init", name); err != nil {
		return err
	}
	config := append(drive.Configuration(clusterSettings), fmt.Sprintf("replicas=%d", replicas))
	return b.pulumi(drive.ConfigSet(config...)...)
}

// freshCluster replaces the cluster by one with that many nodes.
func (b *bench) freshCluster(nodes int) error {
	say("another cluster, of %d nodes", nodes)
	b.down()
	return b.With(fmt.Sprintf("NODES=%d", nodes)).Show("cluster/up.sh")
}

func (b *bench) down() error { return b.Show("cluster/down.sh") }

// cleanUp removes the cluster, its images and the copy.
func (b *bench) cleanUp() {
	b.down()
	b.Output("bash", "-c", `docker images --quiet --filter "reference=bench/*" --filter "reference=$0/*" | sort -u | xargs --no-run-if-empty docker rmi --force`, registry)
	os.RemoveAll(b.Dir)
}

// pulumi runs a command on the selected stack.
func (b *bench) pulumi(args ...string) error {
	_, err := b.Output("pulumi", append([]string{"--non-interactive"}, args...)...)
	return err
}

func (b *bench) inOrder(commands ...[]string) error {
	for _, command := range commands {
		if _, err := b.Output(command[0], command[1:]...); err != nil {
			return err
		}
	}
	return nil
}

// script runs a bash script with arguments, $0 and on.
func (b *bench) script(text string, args ...string) (string, error) {
	return b.Output("bash", append([]string{"-euo", "pipefail", "-c", text}, args...)...)
}

// took is how many seconds something takes.
func took(do func() error) ([]float64, error) {
	started := time.Now()
	err := do()
	return []float64{time.Since(started).Seconds()}, err
}

func say(format string, args ...any) { fmt.Printf("\n== "+format+"\n", args...) }
