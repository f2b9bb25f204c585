//go:build e2e

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"example.com/hello-world/e2e/bench/compare"
	"example.com/hello-world/e2e/internal/drive"
)

// The cluster's names and ports differ from those that people use, and from those of the tests.
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

// The namespaces of the contenders, each of which has its server in a Deployment called hello, with three replicas, and
// an Ingress for a path of the same name.
const (
	ours   = "hello"
	floor  = "floor"
	ko     = "ko"
	helm   = "helm"
	byHand = "byhand"
)

// bench is the copy of the project that is measured, and what it is compared with.
type bench struct {
	*drive.Project
	root    string // the checkout, where the results go
	edits   int    // how many there have been: each is another one
	objects string // those of the service, as the program declares them
}

// newBench takes over the project in the folder root, and the tools in its folder bin.
func newBench(root string) (*bench, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	// Always the same folder: Go compiles a program anew in another one.
	dir := filepath.Join(os.TempDir(), "hello-bench")
	if err := errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700)); err != nil {
		return nil, err
	}
	p, err := drive.NewProject(root, dir, clusterSettings)
	if err != nil {
		return nil, err
	}
	// With the program, `make up` finds everything.
	for _, tool := range []string{"infra", "empty", "ko", "crane", "helm"} {
		err = errors.Join(err, os.Symlink(filepath.Join(root, "bin", tool), filepath.Join(dir, "bin", tool)))
	}
	return &bench{Project: p.With("KO_DOCKER_REPO="+registry, "KO_DEFAULTBASEIMAGE="+base), root: root}, err
}

// makeUp starts where tools and images are there, as after `make down`. What it makes is what the others are compared with.
func (b *bench) makeUp() compare.Measurement {
	return compare.Measurement{
		Lines:  []compare.Line{{What: "`make up`, with everything cached", Unit: compare.Seconds, Goal: compare.AtMost(60, compare.Seconds)}},
		Rounds: 1,
		By: map[compare.Contender]compare.Turn{compare.Ours: func() ([]float64, error) {
			if err := b.pulumi("stack", "init", stack); err != nil {
				return nil, err
			}
			// Pods that go are soon gone, so that the next contender has the machine to itself.
			config := append(drive.Configuration(clusterSettings), "replicas=3", "drainTime=1")
			if err := b.pulumi(drive.ConfigSet(config...)...); err != nil {
				return nil, err
			}
			return took(b.scripted(`make up STACK="$0"`, stack))
		}},
	}
}

// deployOthers deploys beside the service what it is compared with.
func (b *bench) deployOthers() error {
	steps := []func() error{
		b.makeEmpty, b.readObjects, b.pushBase,
		func() error { return b.deploy(floor, b.buildLayer) },
		func() error { return b.deploy(ko, b.buildByKo) },
		b.deployByHelm, b.deployByHand,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) down() error { return b.Show("bin/ship", "cluster", "down") }

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

// up is `pulumi up` with further flags.
func (b *bench) up(flags ...string) func() error {
	return func() error { return b.pulumi(append([]string{"up"}, flags...)...) }
}

// script runs a bash script with arguments, $0 and on.
func (b *bench) script(text string, args ...string) (string, error) {
	return b.Output("bash", append([]string{"-euo", "pipefail", "-c", text}, args...)...)
}

// scripted is a script as something that can be timed.
func (b *bench) scripted(text string, args ...string) func() error {
	return func() error {
		_, err := b.script(text, args...)
		return err
	}
}

// editServer changes our server, as little as can be: another binary comes out, so that no cache knows it.
func (b *bench) editServer() error { return b.editIn("app") }

func (b *bench) editIn(folder string) error {
	b.edits++
	text := fmt.Sprintf("package main\n\nimport \"os\"\n\nfunc init() { os.Setenv(\"EDIT\", \"%d\") }\n", b.edits)
	return os.WriteFile(filepath.Join(b.Dir, folder, "edit.go"), []byte(text), 0o644)
}

// turn does things one after the other, and returns what each takes, once it has been prepared and nothing else goes on.
func (b *bench) turn(prepare func() error, things ...func() error) compare.Turn {
	return func() (figures []float64, err error) {
		for _, do := range things {
			if err := errors.Join(prepare(), b.settle()); err != nil {
				return nil, err
			}
			figure, err := took(do)
			if err != nil {
				return nil, err
			}
			figures = append(figures, figure...)
		}
		return figures, nil
	}
}

// settle waits until Pods that go are gone.
func (b *bench) settle() error {
	_, err := b.script(`while [[ $(kubectl get pods --all-namespaces --output jsonpath='{.items[*].metadata.deletionTimestamp}') ]]; do sleep 0.5; done`)
	return err
}

// nothing is no preparation.
func nothing() error { return nil }

// took is how many seconds something takes.
func took(do func() error) ([]float64, error) {
	started := time.Now()
	err := do()
	return []float64{time.Since(started).Seconds()}, err
}
