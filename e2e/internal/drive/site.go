//go:build e2e

package drive

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Site is a kind cluster for tests, and a copy of the project for it. Both are made when the first scenario asks for
// them, so that a listing, or a run without its scenarios, starts nothing.
type Site struct {
	// Root is the project's folder, relative to the tests' folder.
	Root string
	// Settings are variables of ship/cluster. The names and ports must differ from those of users and of other sites.
	Settings map[string]string
	// Up is the script that makes the cluster, if `make cluster` does not.
	Up string
	// Kubeconfig is the file in the copy that leads to the cluster; "" means the ordinary one. With another one, the
	// copy's commands find the cluster only through the stack's configuration.
	Kubeconfig string

	copied  sync.Once
	project *Project
	err     error

	making sync.Mutex
	there  bool
}

// Keep reports whether clusters, and the stacks on them, stay for the next run.
func Keep() bool { return os.Getenv("KEEP") != "" }

// Project returns the copy, with a running cluster.
func (s *Site) Project(t *testing.T) *Project {
	t.Helper()
	s.Uninhabited(t)
	s.making.Lock()
	defer s.making.Unlock()
	if !s.there {
		if err := s.makeCluster(); err != nil {
			t.Fatal(err)
		}
		s.there = true
	}
	return s.project
}

// Made records that a scenario has made the cluster, or removed it.
func (s *Site) Made(there bool) {
	s.making.Lock()
	defer s.making.Unlock()
	s.there = there
}

// Uninhabited returns the copy, whether there is a cluster or not.
func (s *Site) Uninhabited(t *testing.T) *Project {
	t.Helper()
	s.copied.Do(func() { s.project, s.err = s.copy() })
	if s.err != nil {
		t.Fatal(s.err)
	}
	return s.project
}

func (s *Site) copy() (*Project, error) {
	root, err := filepath.Abs(s.Root)
	if err != nil {
		return nil, err
	}
	dir := s.keptIn()
	if Keep() {
		err = os.MkdirAll(dir, 0o700)
	} else if err = os.RemoveAll(dir); err == nil {
		dir, err = os.MkdirTemp("", "hello-e2e-")
	}
	if err != nil {
		return nil, err
	}
	p, err := NewProject(root, dir, s.Settings)
	if err == nil {
		err = p.takeProgram()
		p.Cluster = []string{"--kubeconfig", s.KubeconfigFile(p), "--context", "kind-" + s.Settings["CLUSTER"]}
	}
	return p, err
}

func (s *Site) makeCluster() error {
	clusters, err := s.project.Output("kind", "get", "clusters", "--quiet")
	if err != nil {
		return err
	}
	there := strings.Contains("\n"+clusters, "\n"+s.Settings["CLUSTER"]+"\n")
	if _, err := os.Stat(s.KubeconfigFile(s.project)); Keep() && there && err == nil {
		fmt.Println("  cluster", s.Settings["CLUSTER"]+": kept from the last run")
		return nil
	}
	// An interrupted run may have left its cluster behind.
	if err := errors.Join(s.down(), s.up()); err != nil {
		return fmt.Errorf("the cluster did not come up: %w", err)
	}
	return nil
}

// withCluster returns the copy with KUBECONFIG leading to the cluster.
func (s *Site) withCluster() *Project {
	return s.project.With("KUBECONFIG=" + s.KubeconfigFile(s.project))
}

func (s *Site) up() error {
	if s.Up == "" {
		return s.withCluster().Show("make", "cluster")
	}
	return s.withCluster().Show(s.Up)
}

// down removes the cluster, and the names of images in its registry, which also removes images without another name.
func (s *Site) down() error {
	if err := s.withCluster().Show("bin/ship", "cluster", "down"); err != nil { // `make down` would need a stack that can be removed
		return err
	}
	names, err := s.project.Output("docker", "images", "--filter", "reference=localhost:"+s.Settings["REGISTRY_PORT"]+"/*", "--format", "{{.Repository}}:{{.Tag}}")
	for name := range strings.Lines(names) {
		if name = strings.TrimSpace(name); !strings.HasSuffix(name, ":<none>") {
			_, failed := s.project.Output("docker", "rmi", name)
			err = errors.Join(err, failed)
		}
	}
	return err
}

// Copy returns another copy of the project, for the same cluster, with a state of its own. A test may edit it while others
// use the first one.
func (s *Site) Copy(t *testing.T) *Project {
	t.Helper()
	first := s.Project(t)
	p, err := NewProject(first.root, t.TempDir(), s.Settings)
	if err != nil {
		t.Fatal(err)
	}
	p.Cluster = first.Cluster
	kubeconfig := filepath.Base(s.KubeconfigFile(first))
	if err := errors.Join(p.takeProgram(), restore(filepath.Join(first.Dir, kubeconfig), filepath.Join(p.Dir, kubeconfig))); err != nil {
		t.Fatal(err)
	}
	return p
}

// keptIn returns the folder of a copy that outlives its run.
func (s *Site) keptIn() string {
	return filepath.Join(os.TempDir(), "hello-e2e-kept-"+s.Settings["CLUSTER"])
}

// KubeconfigFile returns the file that leads to the cluster.
func (s *Site) KubeconfigFile(p *Project) string {
	name := s.Kubeconfig
	if name == "" {
		name = "kubeconfig"
	}
	return filepath.Join(p.Dir, name)
}

// Main runs the tests of a package, then removes what was made for them, or says how to look at it if it is kept. If a
// listing is asked for, Main lists the scenarios instead. It returns the exit code.
func (s *Site) Main(m *testing.M, suites ...Suite) int {
	flag.Parse()
	if flag.Lookup("test.list").Value.String() != "" {
		for _, suite := range suites {
			suite.list()
		}
		return 0
	}
	code := m.Run()
	switch {
	case s.project == nil:
	case Keep():
		fmt.Printf("\nkept: the cluster %s, with what runs there, and the project's copy with its state. To look at it:\n"+
			"  kubectl %s get all --all-namespaces\n  cd %s && eval \"$(make env)\" && pulumi stack ls\n"+
			"The next run with KEEP=1 uses it again, and a run without removes it.\n",
			s.Settings["CLUSTER"], strings.Join(s.project.Cluster, " "), s.project.Dir)
	default:
		if err := s.down(); err != nil {
			fmt.Fprintln(os.Stderr, "error: removing the cluster:", err)
			code = 1
		}
		os.RemoveAll(s.project.Dir)
	}
	return code
}
