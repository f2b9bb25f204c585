package supply

import (
	"testing"
	"time"
)

// The rest is expected to go at the pace of what is built.
func TestPlan(t *testing.T) {
	missing := func(name string, usually time.Duration) Missing {
		return Missing{Artefact: Artefact{Name: name, TypicalTime: usually}}
	}
	short, long := missing("short", time.Minute), missing("long", 3*time.Minute)
	s := &Supplier{}
	s.Plan([]Missing{short})
	s.Plan([]Missing{long})
	if got := s.plan.left(); got != "0 of 2 built" {
		t.Errorf("at first it says %q", got)
	}
	s.plan.begun = time.Now().Add(-4 * time.Minute) // a machine half as fast
	if got := s.plan.ended(missing("what short is built on", time.Minute)); got != "0 of 2 built, about 16m to go" {
		t.Errorf("after what short is built on it says %q", got)
	}
	if got := s.plan.ended(short); got != "1 of 2 built, about 6m to go" {
		t.Errorf("after one it says %q", got)
	}
	if got := s.plan.ended(long); got != "" {
		t.Errorf("in the end it says %q", got)
	}
}
