//go:build e2e

package drive

import (
	"fmt"
	"os"
	"testing"
)

// Suite is a test with scenarios, each of which can run alone.
type Suite struct {
	// Name is that of the test, without "Test".
	Name string
	// Scenarios run in this order, or, if Parallel, all together.
	Scenarios []Scenario
	Parallel  bool
}

// Scenario is one thing that is tried.
type Scenario struct {
	Name string
	Run  func(*testing.T)
	// Soak is for what takes long and rarely tells anything new: `make soak` runs it, and whoever names it.
	Soak bool
}

// Which scenarios run is said by the environment variable SCENARIOS: "" for all but those for soaking, "soak" for
// those, "any" for all.
func (s Scenario) wanted() bool {
	switch os.Getenv("SCENARIOS") {
	case "any":
		return true
	case "soak":
		return s.Soak
	}
	return !s.Soak
}

// Run runs the scenarios. Where one fails, site leaves what may explain it.
func (s Suite) Run(t *testing.T, site *Site) {
	for _, scenario := range s.Scenarios {
		if !scenario.wanted() {
			continue
		}
		t.Run(scenario.Name, func(t *testing.T) {
			if s.Parallel {
				t.Parallel()
			}
			t.Cleanup(func() { site.explain(t) })
			scenario.Run(t)
		})
	}
}

func (s Suite) list() {
	for _, scenario := range s.Scenarios {
		mark := ""
		if scenario.Soak {
			mark = " (soak)"
		}
		fmt.Printf("%s/%s%s\n", s.Name, scenario.Name, mark)
	}
}
