//go:build e2e

package drive

import (
	"fmt"
	"os"
	"testing"
)

// Suite is a test with scenarios, each of which can run alone.
type Suite struct {
	// Name is the test's name without "Test".
	Name string
	// Scenarios run in this order, or, if Parallel, all together.
	Scenarios []Scenario
	Parallel  bool
}

// Scenario is one thing to try.
type Scenario struct {
	Name string
	Run  func(*testing.T)
	// Soak marks a scenario that takes long and rarely tells anything new: `make soak` runs it, or you name it.
	Soak bool
}

// wanted reports whether to run the scenario. The environment variable SCENARIOS is "" for all but those marked Soak,
// "soak" for these, "any" for all.
func (s Scenario) wanted() bool {
	switch os.Getenv("SCENARIOS") {
	case "any":
		return true
	case "soak":
		return s.Soak
	}
	return !s.Soak
}

// Run runs the scenarios. If one fails, site saves what may explain it.
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
