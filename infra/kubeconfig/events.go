package kubeconfig

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Event is what a cluster reports of an object.
type Event struct {
	Type           string // Normal or Warning
	Reason         string // such as Unhealthy
	Message        string
	LastTimestamp  time.Time // zero where eventTime has it
	EventTime      time.Time
	InvolvedObject struct{ Kind, Name string }
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
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	path := "/api/v1/namespaces/" + namespace + "/events?fieldSelector=" + url.QueryEscape("involvedObject.kind=Pod")
	response, body, err := c.get(ctx, path)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s when it is asked for %s", c.server, response.Status, path)
	}
	var list struct{ Items []Event }
	return list.Items, json.Unmarshal(body, &list)
}
