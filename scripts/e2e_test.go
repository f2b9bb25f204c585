package scripts

import (
	"strings"
	"testing"
)

// A scenario is found wherever it stands in a list, also one that is longer than a pipe holds.
func TestScenarioIsFound(t *testing.T) {
	c := checkout(t.TempDir())
	c.copies(t, "e2e.sh", "module.sh", "need.sh")
	for _, file := range []string{"go.sum", "e2e/go.mod", "e2e/go.sum"} {
		c.write(t, file, "")
	}
	c.write(t, "bin/go", `#!/bin/sh
case $1 in
test) echo Faults/DrainedNode; awk 'BEGIN { for (i = 0; i < 100000; i++) print "Faults/Other" i }' ;;
*) exit 1 ;;
esac
`)
	c.write(t, "bin/ship", "#!/bin/sh\necho the scenario begins; exit 1\n")
	for scenario, found := range map[string]bool{"Faults/DrainedNode": true, "Faults": true, "Faults/Other99999": true, "Faults/Drained": false, "Fault": false} {
		said, _ := c.runs("e2e.sh", scenario)
		if strings.Contains(said, "the scenario begins") != found || strings.Contains(said, "no scenario is called") == found {
			t.Errorf("for %s it says %q", scenario, said)
		}
	}
}
