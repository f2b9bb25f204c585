package compare

import "fmt"

// Goal is what our figure is meant to be. The zero value is no goal.
type Goal struct {
	text string
	met  func(r Row) bool
}

// AtMost is a figure of ours of at most that much.
func AtMost(limit float64, unit Unit) Goal {
	return Goal{fmt.Sprintf("≤ %g %s", limit, unit), func(r Row) bool {
		our, _ := r.median(Ours)
		return our <= limit
	}}
}

// AtMostTimes is a figure of ours of at most that many times theirs.
func AtMostTimes(factor float64, who Contender) Goal {
	return Goal{fmt.Sprintf("≤ %g × %s", factor, who), func(r Row) bool {
		our, _ := r.median(Ours)
		their, _ := r.median(who)
		return our <= factor*their
	}}
}

// And is both goals.
func (g Goal) And(other Goal) Goal {
	return Goal{g.text + ", " + other.text, func(r Row) bool { return g.met(r) && other.met(r) }}
}
