package kubeconfig

import (
	"context"
	"net/url"
	"time"
)

// Event is an event that a cluster reports about a Pod.
type Event struct {
	Type          string // Normal or Warning
	Reason        string // such as Unhealthy
	Message       string
	LastTimestamp time.Time // zero if EventTime has it
	EventTime     time.Time
}

// At returns when the event last happened.
func (e Event) At() time.Time {
	if e.LastTimestamp.IsZero() {
		return e.EventTime
	}
	return e.LastTimestamp
}

// PodEvents returns the events of a namespace's Pods, in no particular order.
func (c *Connection) PodEvents(ctx context.Context, namespace string) ([]Event, error) {
	var list struct{ Items []Event }
	_, err := c.Read(ctx, "/api/v1/namespaces/"+namespace+"/events?fieldSelector="+url.QueryEscape("involvedObject.kind=Pod"), &list)
	return list.Items, err
}
