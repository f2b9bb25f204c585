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

// BeingDeleted reports whether a namespace is on its way out. One that is not there is not, and of one that these
// credentials may not look at it is not known.
func (c *Connection) BeingDeleted(ctx context.Context, namespace string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	response, body, err := c.get(ctx, "/api/v1/namespaces/"+namespace)
	if err != nil {
		return false, err
	}
	if response.StatusCode != http.StatusOK {
		return false, nil
	}
	var found struct {
		Metadata struct{ DeletionTimestamp string }
	}
	err = json.Unmarshal(body, &found)
	return found.Metadata.DeletionTimestamp != "", err
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
