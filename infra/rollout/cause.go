package rollout

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.com/hello-world/infra/kubeconfig"
)

// cause is one reason why Pods do not get ready.
type cause struct {
	kind    string // tells it from others
	said    string // in the cluster's words
	stays   bool   // no waiting mends it
	certain bool   // it is no passing state
	retried bool   // the node tries again, and that may go well: a Secret for the registry is younger than what the node knows
	usual   bool   // Pods that start go through it
}

// enough is how many causes a message has.
const enough = 5

// causes returns what is wrong with a version: how a container ended and what it said last, what cannot be pulled, which node
// has no room, and which quota is used up. Of several Pods with the same cause, it quotes one. Events count if they came after
// the time on this machine's clock, and are about these Pods or what creates them.
func (w Watch) causes(ctx context.Context, v version, after time.Time) (found []cause) {
	add := func(c cause) {
		if !slices.ContainsFunc(found, func(f cause) bool { return f.kind == c.kind }) && len(found) < enough {
			found = append(found, c)
		}
	}
	concerned := map[string]bool{}
	comes := v.roomComes
	var wrong []cause
	for _, pod := range v.pods {
		if pod.Ready() || pod.Leaves() {
			continue
		}
		concerned[pod.Name] = true
		of := w.causesOf(pod)
		comes = comes || len(of) == 0 // it still starts
		wrong = append(wrong, of...)
	}
	events := w.events(ctx, after)
	// What the creator's status says may be from before: it tries again at growing intervals, and says nothing new meanwhile.
	tried := latest(events, v.kind, v.creator, "FailedCreate")
	if words := cmp.Or(tried, v.refused); words != "" && (v.refused != "" || len(v.pods) == 0) {
		add(cause{kind: "refused", said: words, stays: tried != "" && refusal.MatchString(words) && !passing.MatchString(words) &&
			!(comes && strings.Contains(words, "exceeded quota"))})
	}
	for _, c := range wrong {
		c.stays = c.stays && !(comes && c.kind == unschedulable)
		add(c)
	}
	for _, event := range slices.Backward(events) {
		about := event.InvolvedObject
		switch {
		case about.Kind != "Pod" || !concerned[about.Name]:
		case event.Reason == "NotTriggerScaleUp": // the autoscaler's answer to Unschedulable
			for i := range found {
				found[i].stays = found[i].stays || found[i].kind == unschedulable && !comes
			}
		case slices.Contains([]string{"BackOff", "Failed", "FailedScheduling"}, event.Reason): // the Pod's status says it better
		case event.Type == "Warning":
			kind, usual := event.Reason, event.Reason == "Unhealthy" || event.Reason == "FailedToRetrieveImagePullSecret"
			if event.Reason == "Unhealthy" {
				kind = event.Message // a probe fails in several ways
			}
			add(cause{kind: kind, said: event.Message, usual: usual})
		case event.Reason == "Killing" && strings.Contains(event.Message, "failed"):
			add(cause{kind: event.Reason, said: event.Message, usual: true})
		}
	}
	return found
}

const unschedulable = "Unschedulable"

// causesOf returns what the Pod's own status says.
func (w Watch) causesOf(pod kubeconfig.Pod) (found []cause) {
	if at, _ := kubeconfig.ConditionOf(pod.Status.Conditions, "PodScheduled"); at.Reason == unschedulable {
		found = append(found, cause{kind: unschedulable, said: at.Message, stays: w.FixedNodes && !returning.MatchString(at.Message)})
	}
	for _, c := range pod.Containers() {
		if !c.Failed() {
			continue
		}
		ended := c.Ended()
		found = append(found, cause{
			kind: c.Name, said: c.Said(), certain: ended != nil,
			retried: ended == nil && refused.MatchString(c.State.Waiting.Message),
			stays:   ended != nil && (w.NoRestarts || ended.Reason == "StartError") || ended == nil && staysWaiting(c.State.Waiting),
		})
	}
	if pod.Status.Phase == "Failed" && len(found) == 0 {
		found = append(found, cause{kind: pod.Status.Reason, said: strings.TrimSpace(pod.Status.Reason + " " + pod.Status.Message), stays: w.NoRestarts})
	}
	return found
}

// starting returns what one of the Pods still waits for, although nothing is wrong with it.
func (v version) starting() []string {
	for _, pod := range v.pods {
		if pod.Ready() || pod.Leaves() {
			continue
		}
		for _, c := range pod.Containers() {
			if c.State.Running == nil {
				return []string{c.Name + " has not started yet"}
			}
			return []string{c.Name + " runs, and is not ready"}
		}
	}
	return nil
}

// staysWaiting reports whether a container waits for something that does not come by itself.
func staysWaiting(waiting kubeconfig.Waiting) bool {
	switch waiting.Reason {
	case "CreateContainerConfigError", "InvalidImageName", "ErrImageNeverPull":
		return !passing.MatchString(waiting.Message)
	case "ErrImagePull", "ImagePullBackOff":
		return unavailable.MatchString(waiting.Message) && !passing.MatchString(waiting.Message)
	}
	return false
}

// What the cluster's messages mean. Kubernetes has no codes for these.
var (
	// refusal is the API's, of quotas, ranges, standards, policies and webhooks.
	refusal = regexp.MustCompile(`is forbidden|is invalid|denied the request`)
	// passing is what goes by itself.
	passing = regexp.MustCompile(`timed? ?out|deadline exceeded|connection re|too many requests|EOF|status unknown|failed calling webhook`)
	// refused is an image that its registry does not give to whoever asks.
	refused = regexp.MustCompile(`unauthorized|authorization failed|denied|[fF]orbidden`)
	// unavailable is an image that its registry does not give, or does not have.
	unavailable = regexp.MustCompile(refused.String() + `|not found|no match for platform`)
	// returning is what a scheduler says about nodes that are away for a while.
	returning = regexp.MustCompile(`node\.kubernetes\.io/|were unschedulable`)
)

// latest returns the newest message of an object's events for that reason; "" if there is none.
func latest(events []kubeconfig.Event, kind, name, reason string) string {
	for _, event := range slices.Backward(events) {
		if about := event.InvolvedObject; event.Reason == reason && about.Kind == kind && about.Name == name {
			return strings.TrimPrefix(strings.TrimPrefix(event.Message, "(combined from similar events): "), "Error creating: ")
		}
	}
	return ""
}

// events returns what the cluster has reported since a time on this machine's clock, the newest last.
func (w Watch) events(ctx context.Context, after time.Time) []kubeconfig.Event {
	events, err := w.Cluster.Events(ctx, w.Namespace)
	now, errNow := w.Cluster.Now(ctx)
	if err != nil || errNow != nil {
		return nil
	}
	after = now.Add(-time.Since(after)).Add(-time.Second) // events have the cluster's time, in whole seconds
	events = slices.DeleteFunc(events, func(e kubeconfig.Event) bool { return !e.At().After(after) })
	slices.SortFunc(events, func(a, b kubeconfig.Event) int { return a.At().Compare(b.At()) })
	return events
}
