package kubeconfig

import (
	"context"
	"net/url"
	"slices"
)

// Pod is what matters about a Pod.
type Pod struct {
	Object
	Status struct{ Conditions []condition }
}

type condition struct{ Type, Status string }

// Leaves reports whether the Pod was told to stop.
func (p Pod) Leaves() bool { return p.DeletionTimestamp != nil }

// Ready reports whether the Pod can serve.
func (p Pod) Ready() bool { return slices.Contains(p.Status.Conditions, condition{"Ready", "True"}) }

// Pods returns the Pods of a namespace with those labels, such as app=hello; "" means all of them.
func (c *Connection) Pods(ctx context.Context, namespace, labels string) ([]Pod, error) {
	var list struct{ Items []Pod }
	_, err := c.Read(ctx, NamespacePath(namespace)+"/pods?labelSelector="+url.QueryEscape(labels), &list)
	return list.Items, err
}
