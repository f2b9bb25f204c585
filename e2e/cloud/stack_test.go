//go:build e2e

package cloud

import (
	"context"
	"maps"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// config is the configuration of a stack: strings and secrets by key. A nil value unsets what newStack sets by default.
type config map[string]any

// secret is a value that is stored encrypted.
type secret string

// newStack makes a stack of the project, in a namespace and on a path of the same name: all stacks have one Ingress controller,
// and no host. It goes away with the cluster. By default it builds the server, pushes it to the cluster's registry, and finds
// the cluster by the contents of its kubeconfig. Its commands run with further environment variables.
func newStack(t *testing.T, name string, cfg config, variables ...string) *drive.Project {
	t.Helper()
	return newStackOf(t, hello, name, cfg, variables...)
}

// newStackOf makes a stack of another copy of the project, which a test may edit.
func newStackOf(t *testing.T, project *drive.Project, name string, cfg config, variables ...string) *drive.Project {
	t.Helper()
	leadsThere, err := os.ReadFile(site.KubeconfigFile(hello))
	if err != nil {
		t.Fatal(err)
	}
	all := config{
		"target":           "cloud",
		"kubeconfig":       secret(leadsThere),
		"registry":         registry(),
		"registryUsername": username,
		"registryPassword": secret(password),
		"platform":         "linux/" + runtime.GOARCH, // the nodes are containers on this machine
		"namespace":        name,
		"path":             "/" + name,
		"rolloutTimeout":   "600", // a slow machine is not a broken one
	}
	maps.Copy(all, cfg)

	stack := project.With(append(variables, "PULUMI_STACK="+name)...)
	if _, err := stack.Output("pulumi", "stack", "output"); err != nil { // else it was kept
		project.With(variables...).Pulumi(t, "stack", "init", name, "--no-select")
	}
	configure(t, stack, all)
	return stack
}

// configure sets configuration of a stack.
func configure(t *testing.T, stack *drive.Project, cfg config) {
	t.Helper()
	args := []string{"config", "set-all"}
	for key, value := range cfg {
		switch value := value.(type) {
		case string:
			args = append(args, "--plaintext", key+"="+value)
		case secret:
			args = append(args, "--secret", key+"="+string(value))
		}
	}
	if out, err := stack.Output("pulumi", args...); err != nil {
		t.Fatal(out, err)
	}
}

// namespaceExists reports whether the cluster has a namespace.
func namespaceExists(t *testing.T, name string) bool {
	t.Helper()
	return len(hello.Kubectl(t, "get", "namespace", name, "--ignore-not-found", "-o", "name")) > 0
}

// refused runs a Pulumi command that must fail in time, with these words and without a crash.
func refused(t *testing.T, stack *drive.Project, within time.Duration, command string, words ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	out, err := stack.Command(ctx, "pulumi", "--non-interactive", command).CombinedOutput()
	if ctx.Err() != nil {
		t.Errorf("pulumi %s has not ended after %s: %s", command, within, out)
		return
	}
	if err == nil {
		t.Errorf("pulumi %s succeeded: %s", command, out)
		return
	}
	said := string(out)
	for line := range strings.Lines(said) {
		if strings.HasPrefix(strings.TrimSpace(line), "error: ") {
			t.Log(strings.TrimSpace(line))
		}
	}
	for _, word := range words {
		if !strings.Contains(said, word) {
			t.Errorf("pulumi %s: the message lacks %q: %s", command, word, said)
		}
	}
	if strings.Contains(said, "panic:") || strings.Contains(said, "goroutine ") {
		t.Errorf("pulumi %s crashed: %s", command, said)
	}
}
