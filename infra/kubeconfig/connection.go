package kubeconfig

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
		UID               string
		DeletionTimestamp string // "" unless it is on its way out
		Annotations       map[string]string
	}
}

// BeingDeleted reports whether it is on its way out. One that is not there is not.
func (n *Namespace) BeingDeleted() bool { return n != nil && n.Metadata.DeletionTimestamp != "" }

// ErrHidden says that these credentials may not look at something.
var ErrHidden = errors.New("these credentials may not look at it")

// Namespace looks at a namespace: nil if it is not there. The error is [ErrHidden] if the cluster does not say.
func (c *Connection) Namespace(ctx context.Context, name string) (*Namespace, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	response, body, err := c.get(ctx, "/api/v1/namespaces/"+name)
	switch {
	case err != nil:
		return nil, err
	case response.StatusCode == http.StatusNotFound:
		return nil, nil
	case response.StatusCode == http.StatusForbidden:
		return nil, ErrHidden
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s answers %s when it is asked for the namespace %s", c.server, response.Status, name)
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
