//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// testSecondStack makes another stack beside the first and removes it, by the page's commands. Only the cluster's names and
// ports are added to what the stack says.
func testSecondStack(t *testing.T) {
	first := hello.Running(t)
	const page, up = "docs/configuration.md", "pulumi up\n"
	config := drive.ConfigSet(append(drive.Configuration(site.Settings), "rolloutTimeout=600", "addressTimeout=600",
		"drainTime=1")...) // it is gone sooner
	making := strings.Replace(commandsWith(t, page, "pulumi stack init second"), up, "pulumi "+strings.Join(config, " ")+"\n"+up, 1)
	run(t, hello.Project, "bash", "-euc", making)
	second := hello.Outputs(t)
	if !strings.HasSuffix(second.URL, "/second") {
		t.Errorf("the url output is %q, want the path /second", second.URL)
	}
	for _, url := range []string{second.URL, first.URL} {
		drive.Eventually(t, url, drive.IsGreeting)
	}
	// On the path of the first, either of the two could get the requests.
	hello.Configure(t, "path=/hello")
	if said, err := hello.Output("pulumi", "--non-interactive", "preview"); err == nil || !strings.Contains(err.Error(), `path is /hello, but the Ingress "hello-ingress" in namespace "`+first.Namespace+`" already exists`) {
		t.Errorf("the path of the first stack is accepted: %s %v", said, err)
	}
	hello.Configure(t, "path=/second")
	// The targets of make mean the stack that is selected, or the one that they are told.
	for stack, args := range map[string][]string{"second": nil, hello.Name: {"STACK=" + hello.Name}} {
		if said := run(t, hello.Project, "make", append([]string{"status"}, args...)...); !drive.HasLine(said, "stack "+stack+":") {
			t.Errorf("make status %q says %s", args, said)
		}
	}

	run(t, hello.Project, "bash", "-euc", commandsWith(t, page, "pulumi stack rm second"))
	if left := hello.Kubectl(t, "get", "namespaces", "-o", "name"); slices.Contains(left, "namespace/second") {
		t.Errorf("it is left: %q", left)
	}
	if said := run(t, hello.Project, "make", "status"); !drive.HasLine(said, "stack "+hello.Name+":") {
		t.Errorf("make status says %s", said)
	}
}
