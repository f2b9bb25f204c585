package kubeconfig

import (
	"context"
	"time"
)

// Event is an event that a cluster reports about an object.
type Event struct {
	Type          string // Normal or Warning
	Reason        string // such as Unhealthy
	Message       string
	LastTimestamp time.Time // zero if EventTime has it
	EventTime     time.Time

	InvolvedObject struct{ Kind, Name string }
}

// At returns when the event last happened.
func (e Event) At() time.Time {
	if e.LastTimestamp.IsZero() {
		return e.EventTime
	}
	return e.LastTimestamp
}

// Events returns the events of a namespace, in no particular order.
func (c *Connection) Events(ctx context.Context, namespace string) ([]Event, error) {
	var list struct{ Items []Event }
	_, err := c.Read(ctx, NamespacePath(namespace)+"/events", &list)
	return list.Items, err
}
