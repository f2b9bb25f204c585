package kubeconfig

import (
	"context"
	"net/url"
	"time"
)

// Event is what a cluster reports of a Pod.
type Event struct {
	Type          string // Normal or Warning
	Reason        string // such as Unhealthy
	Message       string
	LastTimestamp time.Time // zero where EventTime has it
	EventTime     time.Time
}

// At is when it happened last.
func (e Event) At() time.Time {
	if e.LastTimestamp.IsZero() {
		return e.EventTime
	}
	return e.LastTimestamp
}

// PodEvents are what the cluster reports of a namespace's Pods, in no order.
func (c *Connection) PodEvents(ctx context.Context, namespace string) ([]Event, error) {
	var list struct{ Items []Event }
	_, err := c.Read(ctx, "/api/v1/namespaces/"+namespace+"/events?fieldSelector="+url.QueryEscape("involvedObject.kind=Pod"), &list)
	return list.Items, err
}
