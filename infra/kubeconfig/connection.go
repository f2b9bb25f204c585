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

// Connection is a connection to a cluster that has answered.
type Connection struct {
	server string
	client *http.Client
}

// Object is what a cluster reports about an object.
type Object struct {
	Metadata struct {
		UID               string
		DeletionTimestamp string // "" unless it is being deleted
		Annotations       map[string]string
		OwnerReferences   []struct{ Kind, Name string }
	}
}

// BeingDeleted reports whether the object is being deleted. A nil object is not.
func (o *Object) BeingDeleted() bool { return o != nil && o.Metadata.DeletionTimestamp != "" }

// ErrHidden says that these credentials may not look at something.
var ErrHidden = errors.New("these credentials may not look at it")

// Namespace returns a namespace, as Object does.
func (c *Connection) Namespace(ctx context.Context, name string) (*Object, error) {
	return c.Object(ctx, "/api/v1/namespaces/"+name)
}

// Object returns the object at a path of the API, or nil if it is not there. The error is [ErrHidden] if the cluster does
// not say.
func (c *Connection) Object(ctx context.Context, path string) (*Object, error) {
	found := &Object{}
	if there, err := c.read(ctx, path, found); err != nil || !there {
		return nil, err
	}
	return found, nil
}

// read decodes what is at a path of the API, if it is there. The error is [ErrHidden] if the cluster does not say.
func (c *Connection) read(ctx context.Context, path string, into any) (there bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	response, body, err := c.get(ctx, path)
	switch {
	case err != nil:
		return false, err
	case response.StatusCode == http.StatusNotFound:
		return false, nil
	case response.StatusCode == http.StatusForbidden:
		return false, ErrHidden
	case response.StatusCode != http.StatusOK:
		return false, fmt.Errorf("%s answers %s to GET %s", c.server, response.Status, path)
	}
	return true, json.Unmarshal(body, into)
}

// get sends a request and reads the whole answer, so that the next request needs no handshake.
func (c *Connection) get(ctx context.Context, path string) (*http.Response, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(c.server, "/")+path, nil)
	if err != nil {
		return nil, nil, err
	}
	response, err := c.do(request)
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

// do gives up when the context ends, even while a command that gives the credentials runs, for which client-go would wait.
func (c *Connection) do(request *http.Request) (*http.Response, error) {
	type answer struct {
		response *http.Response
		err      error
	}
	answered := make(chan answer, 1)
	go func() {
		response, err := c.client.Do(request)
		answered <- answer{response, err}
	}()
	select {
	case a := <-answered:
		return a.response, a.err
	case <-request.Context().Done():
		return nil, request.Context().Err()
	}
}
