//go:build e2e

// Package drive runs what a person would: scripts, kubectl and the Pulumi CLI, in a copy
// of the project. It touches neither the user's checkout nor cluster nor kubeconfig.
package drive

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Project is a copy of this project, with the environment of its commands.
type Project struct {
	// Dir is the copy's folder.
	Dir string
	// Cluster are the flags that lead kubectl to the cluster.
	Cluster []string

	root string
	env  []string
	// disturbed is the [disturbance] since [Project.Settled].
	disturbed *atomic.Int32
}

// NewProject copies what git tracks, or would track, from the folder root into dir, and uses the environment that `make env`
// prints. Settings are further environment variables, such as those of ship/cluster.
func NewProject(root, dir string, settings map[string]string) (*Project, error) {
	p := &Project{Dir: dir, root: root, disturbed: new(atomic.Int32), env: append(os.Environ(),
		"KUBECONFIG="+filepath.Join(dir, "kubeconfig"),
		"PULUMI_BACKEND_URL=", "PULUMI_CONFIG_PASSPHRASE=",
		"MAKEFLAGS=", "MAKELEVEL=", // its make is not a part of the one that runs the tests
		"GOFLAGS=",                       // those of scripts/module.sh are for the tests
		"PULUMI_SKIP_CONFIRMATIONS=true", // a person would say yes
	)}
	for name, value := range settings {
		p.env = append(p.env, name+"="+value)
	}
	if err := p.Restore(); err != nil {
		return nil, err
	}
	copyTools := `mkdir -p "$1/bin" "$1/.pulumi-home" && cp -P "$0"/bin/kind "$0"/bin/kubectl "$0"/bin/ship "$0"/bin/pulumi* "$1/bin/" &&
		cp -RP "$0/.pulumi-home/plugins" "$1/.pulumi-home/"`
	if out, err := exec.Command("bash", "-euo", "pipefail", "-c", copyTools, root, dir).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("copying the tools: %w: %s", err, out)
	}
	environment, err := p.Output("bash", "-euc", `eval "$(make --silent env)" && env -0`)
	if err != nil {
		return nil, err
	}
	p.env = strings.Split(strings.TrimSuffix(environment, "\x00"), "\x00")
	return p, nil
}

// Restore gives the copy's files the contents that they have in the project. It writes no
// file that is the same, so that nothing unchanged is compiled again.
func (p *Project) Restore() error {
	names, err := exec.Command("git", "-C", p.root, "ls-files", "--cached", "--others", "--exclude-standard", "-z").Output()
	if err != nil {
		return fmt.Errorf("listing the project's files: %w", err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		if err := restore(filepath.Join(p.root, name), filepath.Join(p.Dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("copying the project: %w", err)
		}
	}
	return nil
}

// takeProgram copies the compiled program, so that it is compiled once for all copies.
func (p *Project) takeProgram() error {
	compile := exec.Command(filepath.Join(p.root, "infra/compile.sh"))
	compile.Env = append(os.Environ(), "GOFLAGS=") // those of scripts/module.sh are for the tests
	program, err := compile.Output()
	if err != nil {
		return fmt.Errorf("compiling the program: %w", err)
	}
	from := strings.TrimSpace(string(program))
	return restore(from, filepath.Join(p.Dir, "bin", filepath.Base(from)))
}

func restore(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if old, err := os.ReadFile(to); err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, text, info.Mode())
}

// With returns p with further environment variables ("NAME=value").
func (p *Project) With(variables ...string) *Project {
	with := *p
	with.env = append(slices.Clone(p.env), variables...)
	return &with
}

// Command returns a command in the copy, not started yet. It finds the tools in the copy's bin folder.
func (p *Project) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	// exec looks up names on this process's PATH, so name the tools in full.
	if tool := filepath.Join(p.Dir, "bin", name); filepath.Base(name) == name {
		if _, err := os.Stat(tool); err == nil {
			name = tool
		}
	}
	p.Disturb(does(filepath.Base(name), args))
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = p.Dir, p.env
	return cmd
}

// Output runs a command and returns what it prints.
func (p *Project) Output(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := p.Command(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("%s %s: %w\n%s%s", name, strings.Join(args, " "), err, &stdout, &stderr)
	}
	return stdout.String(), nil
}

// Show runs a command and prints what it prints, as progress.
func (p *Project) Show(name string, args ...string) error {
	cmd := p.Command(context.Background(), name, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// Pulumi runs a command that must succeed, and returns what it prints.
func (p *Project) Pulumi(t *testing.T, args ...string) string {
	t.Helper()
	started := time.Now()
	out, err := p.Output("pulumi", append([]string{"--non-interactive"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("pulumi %s: %.1f s", strings.Join(args, " "), time.Since(started).Seconds())
	return out
}

// Outputs are the outputs of a stack.
type Outputs struct {
	URL, Image, Namespace, ServiceAddress, Try string
	Replicas                                   int
}

// Outputs returns the stack's outputs.
func (p *Project) Outputs(t *testing.T) (outputs Outputs) {
	t.Helper()
	text, err := p.Output("pulumi", "stack", "output", "--json")
	if err == nil {
		err = json.Unmarshal([]byte(text), &outputs)
	}
	if err != nil {
		t.Fatal(err)
	}
	return outputs
}

// Kubectl asks the cluster, and returns the words of the answer.
func (p *Project) Kubectl(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := p.Output("kubectl", append(slices.Clone(p.Cluster), args...)...)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(out)
}

// Edit replaces text, which must be there, in a file of the copy.
func (p *Project) Edit(t *testing.T, file, old, new string) {
	t.Helper()
	p.Disturb(Declared)
	path := filepath.Join(p.Dir, file)
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

// Read reads a file of the copy.
func (p *Project) Read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.Dir, file))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Fingerprint returns the outputs of the stack and the versions of its objects.
func (p *Project) Fingerprint(t *testing.T, namespace string) string {
	t.Helper()
	outputs, err := p.Output("pulumi", "stack", "output", "--json")
	if err != nil {
		t.Fatal(err)
	}
	objects := p.Kubectl(t, "get", "deployments,services,ingresses,pods,networkpolicies", "-n", namespace,
		"-o", `jsonpath={range .items[*]}{.kind}/{.metadata.name}@{.metadata.generation}/{.metadata.uid} {end}`)
	return outputs + strings.Join(objects, " ")
}
