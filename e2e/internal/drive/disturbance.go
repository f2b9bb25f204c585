//go:build e2e

package drive

import "slices"

// Disturbance is what scenarios may have done to the stack that they share.
type Disturbance int32

const (
	// Looked leaves the stack and what it declares unchanged. What Kubernetes replaces by itself, such as a Pod, does
	// not count.
	Looked Disturbance = iota
	// Declared may have changed what the stack declares, and its state knows.
	Declared
	// Drifted may have changed the cluster or the state behind Pulumi's back.
	Drifted
)

// Disturb records a disturbance.
func (p *Project) Disturb(d Disturbance) {
	for was := p.disturbed.Load(); was < int32(d) && !p.disturbed.CompareAndSwap(was, int32(d)); {
		was = p.disturbed.Load()
	}
}

// Disturbed returns the worst disturbance since Settled.
func (p *Project) Disturbed() Disturbance { return Disturbance(p.disturbed.Load()) }

// Settled records that the stack and the cluster are as the scenario wants them.
func (p *Project) Settled() { p.disturbed.Store(int32(Looked)) }

// does returns the disturbance that a command may cause.
func does(name string, args []string) Disturbance {
	has := func(words ...string) bool {
		return !slices.ContainsFunc(words, func(word string) bool { return !slices.Contains(args, word) })
	}
	switch name {
	case "kubectl":
		elsewhere := has("default") // a namespace that no stack uses
		if elsewhere || has("get") || has("wait") || has("auth") || has("proxy") || has("rollout") || has("drain") || has("uncordon") || has("delete", "pod") {
			return Looked
		}
	case "pulumi":
		switch {
		case has("stack", "output"), has("stack", "export"), has("preview"), has("up", "--expect-no-changes"):
			return Looked
		case has("up"), has("config"), has("stack", "select"), has("destroy"):
			return Declared
		}
	case "make":
		if has("status") || has("top") || has("logs") || has("open") || has("history") {
			return Looked
		}
	case "dev.sh":
		return Declared
	}
	return Drifted
}
