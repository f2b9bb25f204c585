package top

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	gorilla "github.com/gorilla/websocket"
	"k8s.io/client-go/transport/websocket"

	"example.com/hello-world/infra/kubeconfig"
)

// patience is how long a Pod may take to answer.
const patience = 5 * time.Second

// ask sends a GET request to a port of a Pod and returns its answer, which must be 200.
//
// It forwards the port, as `kubectl port-forward` does. The API's proxy would connect to the Pod from the control plane, which
// network policies shut out; a forwarded connection begins in the Pod.
func ask(ctx context.Context, cluster *kubeconfig.Connection, namespace, pod string, port int, path string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	way, holder, err := websocket.RoundTripperFor(cluster.Config())
	if err != nil {
		return nil, err
	}
	address := fmt.Sprintf("%s%s/pods/%s/portforward?ports=%d", strings.TrimRight(cluster.Config().Host, "/"), kubeconfig.NamespacePath(namespace), pod, port)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	connection, err := websocket.Negotiate(way, holder, request, "v4.channel.k8s.io")
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	deadline, _ := ctx.Deadline()
	if err := connection.SetReadDeadline(deadline); err != nil {
		return nil, err
	}
	question := fmt.Sprintf("%cGET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", data, path, pod)
	if err := connection.WriteMessage(gorilla.BinaryMessage, []byte(question)); err != nil {
		return nil, err
	}
	response, err := http.ReadResponse(bufio.NewReader(&forwarded{connection: connection}), nil)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s of %s answers %s", path, pod, response.Status)
	}
	return io.ReadAll(response.Body)
}

// Channels of a forwarded port. Each message begins with its channel.
const (
	data byte = iota
	failure
)

// forwarded is what comes from a forwarded port.
type forwarded struct {
	connection *gorilla.Conn
	begun      [2]bool // the first message of each channel has only the port's number
	rest       []byte
}

func (f *forwarded) Read(into []byte) (int, error) {
	for len(f.rest) == 0 {
		_, message, err := f.connection.ReadMessage()
		if err != nil {
			return 0, err
		}
		if len(message) == 0 || message[0] > failure {
			continue
		}
		channel, text := message[0], message[1:]
		switch {
		case !f.begun[channel]:
			f.begun[channel] = true
		case channel == data:
			f.rest = text
		case len(text) > 0:
			return 0, fmt.Errorf("%s", bytes.TrimSpace(text))
		}
	}
	n := copy(into, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}
