package supply

import (
	"fmt"
	"time"

	"example.com/hello-world/supplier/progress"
)

// plan is all that has to be built, and how far it is.
type plan struct {
	weights map[string]time.Duration // Usually of what is not built yet, by name
	begun   time.Time
	total   int
	built   time.Duration // the weight of what is built
}

// Plan announces all that has to be built, so that the progress can show how much is left.
func (s *Supplier) Plan(missing []Missing) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.plan.total == 0 {
		s.plan.begun, s.plan.weights = time.Now(), map[string]time.Duration{}
	}
	for _, m := range missing {
		s.plan.weights[m.Name] = m.TypicalTime
		s.plan.total++
	}
}

// ended notes that something was built, and returns what is left.
func (p *plan) ended(m Missing) string {
	weight, planned := p.weights[m.Name]
	if !planned { // something that another artefact is built on
		weight = m.TypicalTime
	}
	delete(p.weights, m.Name)
	p.built += weight
	return p.left()
}

// left says how much is built, and how long the rest takes at this machine's pace so far; "" if nothing is left.
func (p *plan) left() string {
	if len(p.weights) == 0 {
		return ""
	}
	said := fmt.Sprintf("%d of %d built", p.total-len(p.weights), p.total)
	if p.built == 0 {
		return said
	}
	var left time.Duration
	for _, weight := range p.weights {
		left += weight
	}
	left = time.Duration(float64(time.Since(p.begun)) / float64(p.built) * float64(left))
	return said + ", about " + progress.Span(max(left.Round(time.Minute), time.Minute)) + " to go"
}
