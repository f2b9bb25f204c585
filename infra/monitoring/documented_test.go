package monitoring_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"example.com/hello-world/infra/monitoring"
)

// docs/operations.md has a table of the alerts. If it differs, paste what this prints.
func TestAlertsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	of := monitoring.Service{Name: "hello", Namespace: "hello"}
	table := "| alert | on | for | because | look at |\n|---|---|---|---|---|\n"
	for _, alert := range monitoring.Alerts(of, monitoring.Server, monitoring.Cluster, monitoring.WayIn) {
		name := alert.Name
		if alert.Critical {
			name = "**" + name + "**"
		}
		table += fmt.Sprintf("| %s | `%s` | %s | %s | %s |\n", name, alert.Expr, alert.For, alert.Because, alert.Look)
	}
	if !strings.Contains(string(page), "\n"+table+"\n") {
		t.Errorf("docs/operations.md must have this:\n%s", table)
	}
}
