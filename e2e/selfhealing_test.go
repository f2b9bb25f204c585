//go:build e2e

package e2e

import (
	"os/exec"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// testSelfHealing stops what the cluster is made of.
func (f *faults) testSelfHealing(t *testing.T) {
	t.Run("RegistryStopped", func(t *testing.T) {
		// What runs goes on: nodes keep the images that they have pulled.
		f.nobodyNotices(t, func() { docker(t, "stop", clusterSettings["REGISTRY"]) })
		f.repaired(t)
	})
	t.Run("NodesRestarted", func(t *testing.T) {
		docker(t, "restart", clusterSettings["CLUSTER"]+"-control-plane", clusterSettings["CLUSTER"]+"-worker", clusterSettings["CLUSTER"]+"-worker2")
		f.repaired(t)
	})
}

// repaired runs what `make up` runs, and wants the service whole.
func (f *faults) repaired(t *testing.T) {
	t.Helper()
	if err := hello.Show("cluster/up.sh"); err != nil {
		t.Fatal(err)
	}
	if out, err := hello.Output("scripts/up.sh", "faults"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	f.whole(t)
	drive.Eventually(t, f.URL, drive.IsGreeting)
}

func docker(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("docker", args...).CombinedOutput(); err != nil {
		t.Fatalf("docker %q: %v: %s", args, err, out)
	}
}
