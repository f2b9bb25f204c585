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
	Status struct {
		Phase             string
		Conditions        []condition
		ContainerStatuses []container
	}
}

type condition struct{ Type, Status string }

type container struct {
	Name             string
	RestartCount     int
	State, LastState struct {
		Waiting    struct{ Reason, Message string }
		Terminated *end
	}
}

// end is how a container ended. Kubernetes keeps the end of its log as the message.
type end struct {
	ExitCode        int
	Reason, Message string
}

// Leaves reports whether the Pod was told to stop.
func (p Pod) Leaves() bool { return p.DeletionTimestamp != nil }

// Ready reports whether the Pod can serve.
func (p Pod) Ready() bool { return slices.Contains(p.Status.Conditions, condition{"Ready", "True"}) }

// Ended reports whether the Pod will never serve again.
func (p Pod) Ended() bool { return p.Status.Phase == "Failed" || p.Status.Phase == "Succeeded" }

// Failures returns how often the Pod's containers have failed, and what the last one said.
func (p Pod) Failures() (count int, said string) {
	for _, c := range p.Status.ContainerStatuses {
		count += c.RestartCount
		waiting := c.State.Waiting
		stuck := !slices.Contains([]string{"", "ContainerCreating", "PodInitializing"}, waiting.Reason)
		if stuck {
			said = fmt.Sprintf("%s does not start (%s)\n%s", c.Name, waiting.Reason, waiting.Message)
		}
		if stuck || c.State.Terminated != nil {
			count++
		}
		if ended := cmp.Or(c.State.Terminated, c.LastState.Terminated); ended != nil {
			said = fmt.Sprintf("%s ended with exit code %d (%s)\n%s", c.Name, ended.ExitCode, ended.Reason, ended.Message)
		}
	}
	return count, strings.TrimSpace(said)
}

// Pods returns the Pods of a namespace with those labels, such as app=hello; "" means all of them.
func (c *Connection) Pods(ctx context.Context, namespace, labels string) ([]Pod, error) {
	var list struct{ Items []Pod }
	_, err := c.Read(ctx, NamespacePath(namespace)+"/pods?labelSelector="+url.QueryEscape(labels), &list)
	return list.Items, err
}
