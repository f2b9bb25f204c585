package kubeconfig

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Pod is what matters about a Pod.
type Pod struct {
	Object
	Spec struct {
		NodeName   string // "" while no node has room for it
		Containers []struct {
			Name, Image string
			Ports       []struct {
				Name          string
				ContainerPort int
			}
		}
	}
	Status struct {
		Phase           string
		Reason, Message string // such as Evicted, and why
		Conditions      []Condition

		InitContainerStatuses, ContainerStatuses []Container
	}
}

// Condition is one of an object's conditions.
type Condition struct{ Type, Status, Reason, Message string }

// Container is how a container of a Pod is doing.
type Container struct {
	Name             string
	RestartCount     int
	State, LastState struct {
		Running    *struct{}
		Waiting    Waiting
		Terminated *End
	}
}

// Waiting is why a container does not run.
type Waiting struct{ Reason, Message string }

// End is how a container ended. Kubernetes keeps the end of its log as the message.
type End struct {
	ExitCode        int
	Reason, Message string
}

// Leaves reports whether the Pod was told to stop.
func (p Pod) Leaves() bool { return p.DeletionTimestamp != nil }

// Ready reports whether the Pod can serve.
func (p Pod) Ready() bool {
	ready, _ := ConditionOf(p.Status.Conditions, "Ready")
	return ready.Status == "True"
}

// Ended reports whether the Pod will never serve again.
func (p Pod) Ended() bool { return p.Status.Phase == "Failed" || p.Status.Phase == "Succeeded" }

// Containers returns the Pod's containers, but not those that prepared it and are done.
func (p Pod) Containers() []Container {
	preparing := slices.DeleteFunc(slices.Clone(p.Status.InitContainerStatuses), func(c Container) bool {
		return c.State.Terminated != nil && c.State.Terminated.ExitCode == 0
	})
	return append(preparing, p.Status.ContainerStatuses...)
}

// Failures returns how often the Pod's containers have failed, and what the last one said.
func (p Pod) Failures() (count int, said string) {
	for _, c := range p.Containers() {
		if !c.Failed() {
			continue
		}
		count += c.RestartCount
		if c.stuck() || c.State.Terminated != nil {
			count++
		}
		said = c.Said()
	}
	return count, said
}

// Failed reports whether the container does not start, or has ended.
func (c Container) Failed() bool { return c.stuck() || c.Ended() != nil }

// Ended returns how the container ended last; nil if it never did.
func (c Container) Ended() *End { return cmp.Or(c.State.Terminated, c.LastState.Terminated) }

// Said returns how a failed container ended and what it said last, or why it does not start.
func (c Container) Said() string {
	if ended := c.Ended(); ended != nil {
		return strings.TrimSpace(fmt.Sprintf("%s ended with exit code %d (%s)\n%s", c.Name, ended.ExitCode, ended.Reason, ended.Message))
	}
	return strings.TrimSpace(fmt.Sprintf("%s does not start (%s)\n%s", c.Name, c.State.Waiting.Reason, c.State.Waiting.Message))
}

func (c Container) stuck() bool {
	return !slices.Contains([]string{"", "ContainerCreating", "PodInitializing"}, c.State.Waiting.Reason)
}

// ConditionOf returns the condition of a type.
func ConditionOf(conditions []Condition, kind string) (found Condition, there bool) {
	i := slices.IndexFunc(conditions, func(c Condition) bool { return c.Type == kind })
	if i < 0 {
		return found, false
	}
	return conditions[i], true
}

// Pods returns the Pods of a namespace with those labels, such as app=hello; "" means all of them.
func (c *Connection) Pods(ctx context.Context, namespace, labels string) ([]Pod, error) {
	var list struct{ Items []Pod }
	_, err := c.Read(ctx, NamespacePath(namespace)+"/pods?labelSelector="+url.QueryEscape(labels), &list)
	return list.Items, err
}
