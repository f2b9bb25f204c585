//go:build e2e

package cloud

import (
	"os"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// The stack that makes the cluster passes its kubeconfig to the one that deploys.
func testClusterStack(t *testing.T) {
	contents, err := os.ReadFile(site.KubeconfigFile(hello))
	if err != nil {
		t.Fatal(err)
	}
	in := []string{"--cwd", "e2e/cloud/testdata/clusterstack"}
	maker := func(args ...string) string { return hello.Pulumi(t, append(in, args...)...) }
	maker("stack", "init", "made")
	t.Cleanup(func() {
		maker("destroy")
		maker("stack", "rm", "made", "--yes")
	})
	if out, err := hello.Output("pulumi", append(in, "config", "set", "--secret", "kubeconfig", "--", string(contents))...); err != nil {
		t.Fatal(out, err)
	}
	maker("up")

	stack := newStack(t, "fed", config{
		"kubeconfig":    nil,
		"clusterStack":  "organization/cluster/made",
		"clusterOutput": "access",
	})
	stack.Pulumi(t, "up")
	drive.Eventually(t, stack.Outputs(t).URL, drive.IsGreeting)
	stack.Pulumi(t, "up", "--expect-no-changes")
	if said, err := stack.Output("scripts/status.sh", "fed"); err != nil {
		t.Error(said, err)
	}

	configure(t, stack, config{"clusterOutput": "nothing"})
	refused(t, stack, tooLong, "up", "clusterOutput", "nothing", "organization/cluster/made")
	configure(t, stack, config{"clusterOutput": "access"})
	stack.Pulumi(t, "destroy")
}
