//go:build e2e

// Package e2e drives the real thing as a person would: the cluster scripts and
// the Pulumi CLI, in a copy of the project, against a kind cluster of its own.
// Neither the user's checkout nor cluster nor kubeconfig is touched.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// project is a copy of this project with the environment in which its commands run.
type project struct {
	dir string
	env []string
}

// The cluster's names and ports differ from those that people use.
var clusterSettings = map[string]string{
	"CLUSTER":       "hello-e2e",
	"NODES":         "3",
	"HTTP_PORT":     "18080",
	"REGISTRY":      "hello-e2e-registry",
	"REGISTRY_PORT": "15001",
}

// newProject copies what git tracks, or would, into a folder of its own, and
// takes over the environment that `make env` prints.
func newProject(root string) (*project, error) {
	dir, err := os.MkdirTemp("", "hello-e2e-")
	if err != nil {
		return nil, err
	}
	p := &project{dir: dir, env: append(os.Environ(),
		"KUBECONFIG="+filepath.Join(dir, "kubeconfig"),
		"PULUMI_HOME="+filepath.Join(dir, "pulumi-home"),
		"PULUMI_BACKEND_URL=", "PULUMI_CONFIG_PASSPHRASE=",
	)}
	for name, value := range clusterSettings {
		p.env = append(p.env, name+"="+value)
	}
	copyTree := `git -C "$0" ls-files --cached --others --exclude-standard -z |
		tar -c -C "$0" --null -T - | tar -x -C "$1" &&
		mkdir "$1/bin" && cp -P "$0"/bin/kind "$0"/bin/kubectl "$0"/bin/pulumi* "$1/bin/"`
	if out, err := exec.Command("bash", "-euo", "pipefail", "-c", copyTree, root, dir).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("copying the project: %w: %s", err, out)
	}
	// What the settings add, after the copy's own variables have been resolved.
	settings, err := p.output("bash", "-euc", `eval "$(make --silent env)" && env -0`)
	if err != nil {
		return nil, err
	}
	p.env = strings.Split(strings.TrimSuffix(settings, "\x00"), "\x00")
	return p, nil
}

func (p *project) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	// A name is looked up on this process's PATH, so the tools are named in full.
	if tool := filepath.Join(p.dir, "bin", name); filepath.Base(name) == name {
		if _, err := os.Stat(tool); err == nil {
			name = tool
		}
	}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = p.dir, p.env
	return cmd
}

// output runs a command and returns what it prints.
func (p *project) output(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := p.command(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("%s %s: %w\n%s%s", name, strings.Join(args, " "), err, &stdout, &stderr)
	}
	return stdout.String(), nil
}

// show runs a command and passes on what it prints, as progress.
func (p *project) show(name string, args ...string) error {
	cmd := p.command(context.Background(), name, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// pulumi runs a command that must succeed, and returns what it prints.
func (p *project) pulumi(t *testing.T, args ...string) string {
	t.Helper()
	started := time.Now()
	out, err := p.output("pulumi", append([]string{"--non-interactive"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("pulumi %s: %.1f s", strings.Join(args, " "), time.Since(started).Seconds())
	return out
}

// stackOutputs are the stack's outputs.
func (p *project) stackOutputs(t *testing.T) (outputs struct {
	URL, Image, Namespace, ServiceAddress, Try string
	Replicas                                   int
}) {
	t.Helper()
	text, err := p.output("pulumi", "stack", "output", "--json")
	if err == nil {
		err = json.Unmarshal([]byte(text), &outputs)
	}
	if err != nil {
		t.Fatal(err)
	}
	return outputs
}

// kubectl asks the cluster, and returns the words of the answer.
func (p *project) kubectl(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := p.output("kubectl", append([]string{"--context", "kind-" + clusterSettings["CLUSTER"]}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(out)
}

// edit replaces text, which must be there, in a file of the copy.
func (p *project) edit(t *testing.T, file, old, new string) {
	t.Helper()
	path := filepath.Join(p.dir, file)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte(old)) {
		t.Fatalf("%s has no %q", file, old)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(text, []byte(old), []byte(new)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// read reads a file of the copy.
func (p *project) read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, file))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
