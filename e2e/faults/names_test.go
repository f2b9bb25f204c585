//go:build e2e

package faults

import (
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// names gives what runs other names: it goes on, or nothing changes.
var names = drive.Suite{Name: "Names", Scenarios: []drive.Scenario{
	{Name: "Project", Run: testProjectRenamed, Soak: true},
	{Name: "Namespace", Run: testNamespaceRenamed, Soak: true},
	{Name: "Service", Run: testServiceRenamed, Soak: true},
}}

// testNamespaceRenamed moves the service to another namespace and back. A single Pod, which the Ingress controller reaches by
// the Service's address, is the one that is missed first.
func testNamespaceRenamed(t *testing.T) {
	f := &underTest{hello.Running(t, "drainTime=3")} // a namespace is gone sooner
	for _, namespace := range []string{"moved", f.Namespace} {
		f.expectNoBadAnswer(t, func() {
			hello.Configure(t, "namespace="+namespace)
			hello.Pulumi(t, "up")
		})
		hello.AwaitReplicas(t, namespace, 1)
	}
	if left := hello.Kubectl(t, "get", "namespace", "moved", "--ignore-not-found", "-o", "name"); len(left) > 0 {
		t.Errorf("there is still %q", left)
	}

	madeFor := func(service string) {
		hello.Kubectl(t, "annotate", "namespace", f.Namespace, "--overwrite", "hello-world/service="+service)
	}
	madeFor("earlier")
	t.Cleanup(func() { madeFor("hello") })
	refused(t, `which was made for the service "earlier", and now that is called "hello"`)
}

// testServiceRenamed gives the service another name: not where it runs, but in another namespace, and there and back.
func testServiceRenamed(t *testing.T) {
	f := threeReplicas(t)
	const file, old, new = "infra/service.go", `const app = "hello"`, `const app = "mine"`
	hello.Edit(t, file, old, new)
	before := f.cluster(t)
	refused(t, `namespace is "hello", which was made for the service "hello", and now that is called "mine"`, `"pulumi config set namespace NAME"`)
	if after := f.cluster(t); after != before {
		t.Errorf("something changed:\nbefore %s\nafter  %s", before, after)
	}

	f.expectNoBadAnswer(t, func() {
		hello.Configure(t, "namespace=mine")
		hello.Pulumi(t, "up")
	})
	hello.AwaitReplicas(t, "mine", 3)
	if left := hello.Kubectl(t, "get", "namespace", f.Namespace, "--ignore-not-found", "-o", "name"); len(left) > 0 {
		t.Errorf("there is still %q", left)
	}
	said, err := hello.Output("make", "status")
	if err != nil || !strings.Contains(said, "deployment  mine: 3/3 ready") || !strings.Contains(said, "healthy: 3 of 3 Pods") {
		t.Errorf("make status does not follow: %s, error %v", said, err)
	}

	f.expectNoBadAnswer(t, func() {
		hello.Edit(t, file, new, old)
		hello.Configure(t, "namespace=hello")
		hello.Pulumi(t, "up")
	})
}

// testProjectRenamed gives the project another name: what runs goes on as it is, with its state.
func testProjectRenamed(t *testing.T) {
	f := threeReplicas(t)
	const way = "pulumi stack rename --stack organization/hello-world/dev organization/shop/dev"
	before := f.cluster(t)
	f.expectNoBadAnswer(t, func() {
		hello.Edit(t, "Pulumi.yaml", "name: hello-world", "name: shop")
		if said, err := hello.Output("make", "up"); err == nil || !strings.Contains(err.Error(), way) {
			t.Errorf("make up does not name %q: %s, error %v", way, said, err)
		}
		if said, err := hello.Output("bash", "-c", way); err != nil {
			t.Fatal(said, err)
		}
		refused(t, "hello-world:replicas has no effect, because the project is called shop: rename it to shop:replicas")
		hello.Edit(t, "Pulumi."+hello.Name+".yaml", "hello-world:", "shop:")
		hello.Pulumi(t, "up")
	})
	if said, err := hello.Output("make", "status"); err != nil {
		t.Errorf("make status does not follow: %s, error %v", said, err)
	}
	hello.Edit(t, "Pulumi.yaml", "name: shop", "name: hello-world")
	hello.Edit(t, "Pulumi."+hello.Name+".yaml", "shop:", "hello-world:")
	hello.Pulumi(t, "stack", "rename", "--stack", "organization/shop/dev", "organization/hello-world/dev")
	hello.Pulumi(t, "up")
	if after := f.cluster(t); after != before {
		t.Errorf("something was made anew:\nbefore %s\nafter  %s", before, after)
	}
}

// refused fails the test unless `pulumi up` fails, and says these words.
func refused(t *testing.T, says ...string) {
	t.Helper()
	said, err := hello.Output("pulumi", "--non-interactive", "up")
	if err == nil {
		t.Fatalf("pulumi up went on: %s", said)
	}
	for _, words := range says {
		if !strings.Contains(err.Error(), words) {
			t.Errorf("it does not say %q: %v", words, err)
		}
	}
}
