package kubeconfig

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// Connection leads to a cluster that has answered.
type Connection struct {
	server string
	user   user
	client *http.Client
}

// Namespace is what a cluster says of a namespace.
type Namespace struct {
	Metadata struct {
		DeletionTimestamp string // "" unless it is on its way out
		Annotations       map[string]string
	}
}

// BeingDeleted reports whether it is on its way out. One that is not there is not.
func (n *Namespace) BeingDeleted() bool { return n != nil && n.Metadata.DeletionTimestamp != "" }

// Namespace looks at a namespace: nil if it is not there, or if these credentials may not look at it.
func (c *Connection) Namespace(ctx context.Context, name string) (*Namespace, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	response, body, err := c.get(ctx, "/api/v1/namespaces/"+name)
	if err != nil || response.StatusCode != http.StatusOK {
		return nil, err
	}
	found := &Namespace{}
	return found, json.Unmarshal(body, found)
}

// get asks the cluster for something and reads the whole answer: the next question then needs no handshake.
func (c *Connection) get(ctx context.Context, path string) (*http.Response, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(c.server, "/")+path, nil)
	if err != nil {
		return nil, nil, err
	}
	if err := c.user.sign(request); err != nil {
		return nil, nil, err
	}
	response, err := c.client.Do(request)
	if err != nil {
		return nil, nil, explain(c.server, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, nil, explain(c.server, err)
	}
	return response, body, nil
}
