//go:build e2e

package drive

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// explain puts what may explain a failed test into a folder, and names that: the cluster's objects, its events, and the
// logs of all Pods and of the supplier.
func (s *Site) explain(t *testing.T) {
	if !t.Failed() || s.project == nil {
		return
	}
	s.project.Disturb(Drifted)
	root, err := filepath.Abs(s.Root)
	if err != nil {
		t.Log(err)
		return
	}
	folder := filepath.Join(root, "failures", strings.ReplaceAll(strings.TrimPrefix(t.Name(), "Test"), "/", "-"))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Log(err)
		return
	}
	for file, args := range map[string][]string{
		"objects.txt":    {"get", "all,ingresses,networkpolicies,endpointslices,configmaps,nodes", "--all-namespaces", "--output", "wide"},
		"objects.yaml":   {"get", "all,ingresses,networkpolicies,endpointslices,namespaces,nodes", "--all-namespaces", "--output", "yaml"},
		"events.txt":     {"get", "events", "--all-namespaces", "--sort-by", ".metadata.creationTimestamp"},
		"pods-described": {"describe", "pods", "--all-namespaces"},
	} {
		s.save(folder, file, args...)
	}
	for _, pod := range strings.Fields(s.ask("get", "pods", "--all-namespaces", "--output",
		`jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name} {end}`)) {
		namespace, name, _ := strings.Cut(pod, "/")
		s.save(folder, "log-"+namespace+"-"+name+".txt", "logs", "--namespace", namespace, name, "--all-containers", "--timestamps", "--tail", "500")
		s.save(folder, "log-"+namespace+"-"+name+"-before.txt", "logs", "--namespace", namespace, name, "--all-containers", "--previous", "--tail", "500")
	}
	if cache, err := os.UserCacheDir(); err == nil {
		_ = os.CopyFS(filepath.Join(folder, "supplier"), os.DirFS(filepath.Join(cache, "hello-world", "logs")))
	}
	t.Logf("OBJECTS, EVENTS AND LOGS ARE IN %s", folder)
}

// save writes what kubectl answers, or nothing if it fails.
func (s *Site) save(folder, file string, args ...string) {
	if said := s.ask(args...); said != "" {
		_ = os.WriteFile(filepath.Join(folder, file), []byte(said), 0o644)
	}
}

// ask asks the cluster, which may be broken.
func (s *Site) ask(args ...string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	var out bytes.Buffer
	cmd := s.project.Command(ctx, "kubectl", append(slices.Clone(s.project.Cluster), args...)...)
	cmd.Stdout = &out
	cmd.WaitDelay = time.Second
	_ = cmd.Run() // if it fails, keep what it said until then
	return out.String()
}
