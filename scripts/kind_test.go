package scripts

import (
	"strings"
	"testing"
)

// On a machine whose Docker cannot run kind's nodes, the message says why, and what to add where.
func TestKindLacksACapability(t *testing.T) {
	const words = "/etc/docker/daemon.json"
	why := func(log string) string {
		return run(t, log, nil, "bash", "-euc", `. cluster/kind.sh; cat >"$0"; cause "$0"`, t.TempDir()+"/kind.log")
	}
	const failed = "Creating cluster\nERROR: failed to create cluster: docker run failed\n"
	if said := why(failed); said != "failed to create cluster: docker run failed\n" {
		t.Errorf("it says %q", said)
	}
	if said := why(failed + "OCI runtime create failed: unable to apply caps: operation not permitted\n"); !strings.Contains(said, words) {
		t.Errorf("it says %q, want %s", said, words)
	}
}
