//go:build e2e

package drive

import (
	"strings"
	"testing"
)

// Neighbour runs the Pod of e2e/testdata/POD.yaml with an image, in a namespace, until the test ends, and waits for it. Further
// objects are there before it.
func (s *Site) Neighbour(t *testing.T, in, pod, image string, further ...string) {
	t.Helper()
	p := s.Project(t)
	p.Namespace(t, in)
	own := strings.ReplaceAll(string(p.Read(t, "e2e/testdata/"+pod+".yaml")), "IMAGE", image)
	objects := File(t, pod+".yaml", strings.Join(append(further, own), "\n---\n"))
	p.Kubectl(t, "create", "-f", objects)
	t.Cleanup(func() { p.Kubectl(t, "delete", "-f", objects, "--now", "--ignore-not-found") })
	p.Kubectl(t, "wait", "pod/"+pod, "-n", in, "--for", "condition=Ready", "--timeout", "300s")
}

// Namespace makes a namespace until the test ends.
func (p *Project) Namespace(t *testing.T, name string) {
	t.Helper()
	p.Kubectl(t, "create", "namespace", name)
	t.Cleanup(func() { p.Kubectl(t, "delete", "namespace", name, "--wait=false") })
}
