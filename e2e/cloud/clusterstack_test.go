//go:build e2e

package cloud

import (
	"os"
	"strings"
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
	made := hello.With("CGO_ENABLED=0", "GOFLAGS=-trimpath") // as the project's program is compiled, or all of the SDK is compiled anew
	maker := func(args ...string) string { return made.Pulumi(t, append(in, args...)...) }
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
		"kubeconfig":   nil,
		"clusterStack": "organization/cluster/made:access",
	})
	if said, err := stack.Output("make", "up", "STACK=fed"); err != nil || !strings.Contains(said, "healthy: ") {
		t.Fatal(said, err)
	}
	drive.Eventually(t, stack.Outputs(t).URL, drive.IsGreeting)
	stack.Pulumi(t, "up", "--expect-no-changes")

	configure(t, stack, config{"clusterStack": "organization/cluster/made:nothing"})
	refused(t, stack, tooLong, "up", "clusterStack", "nothing", "organization/cluster/made")
	configure(t, stack, config{"clusterStack": "organization/cluster/made:access"})
	const command = "bin/ship down --stack fed --yes" // for those who cannot type the stack's name
	if said, err := stack.Output("make", "down", "STACK=fed"); err == nil || !strings.Contains(err.Error(), command) {
		t.Errorf("make down without a terminal does not name %q: %s, %v", command, said, err)
	}
	if said, err := stack.Output("bash", "-c", command); err != nil || namespaceExists(t, "fed") {
		t.Errorf("%q leaves the stack: %s, %v", command, said, err)
	}
}
