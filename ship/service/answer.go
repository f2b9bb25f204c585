package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"example.com/hello-world/infra/kubeconfig"
)

// routed is how long an Ingress controller may take to hear of an Ingress, which it answers with 404 until then.
const routed = 20 * time.Second

// errNotFound is an answer of 404.
var errNotFound = errors.New("404 Not Found")

// Client returns a client for the service. Like `try`, it finds the Ingress under a name that no DNS knows yet. A redirect is
// an answer, and each request may reach another Pod.
func (s Service) Client(cluster *kubeconfig.Connection) *http.Client {
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		connection, err := (&net.Dialer{}).DialContext(ctx, network, address)
		var unknown *net.DNSError
		if !errors.As(err, &unknown) || cluster == nil {
			return connection, err
		}
		at := s.ingressAddress(ctx, cluster)
		if at == "" {
			return nil, err
		}
		_, port, _ := net.SplitHostPort(address)
		return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(at, port))
	}
	return &http.Client{
		Timeout:       5 * time.Second,
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: dial, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ingressAddress returns the address of the service's Ingress; "" if it has none.
func (s Service) ingressAddress(ctx context.Context, cluster *kubeconfig.Connection) string {
	var ingress struct {
		Status struct {
			LoadBalancer struct {
				Ingress []struct{ IP, Hostname string }
			}
		}
	}
	there, err := cluster.Read(ctx, "/apis/networking.k8s.io/v1/namespaces/"+s.Namespace+"/ingresses/"+s.App+"-ingress", &ingress)
	if at := ingress.Status.LoadBalancer.Ingress; err == nil && there && len(at) > 0 {
		return cmp.Or(at[0].IP, at[0].Hostname)
	}
	return ""
}

// Answer waits until the service is healthy, and returns what it answers. If its Pods are ready and the Ingress is there, it is
// served: then a 404 is the server's.
func (s Service) Answer(ctx context.Context, cluster *kubeconfig.Connection, patience time.Duration, served bool) (string, error) {
	client, address := s.Client(cluster), s.HealthURL
	deadline, since := time.Now().Add(patience), time.Now()
	for {
		body, err := Get(ctx, client, address)
		notFound := served && errors.Is(err, errNotFound)
		if !notFound {
			since = time.Now()
		}
		if err == nil || time.Now().After(deadline) || time.Since(since) > routed {
			if notFound {
				err = explained(err, address)
			}
			return body, err
		}
		select {
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// explained says why a server that runs answers 404.
func explained(err error, address string) error {
	parsed, _ := url.Parse(address) // it was asked
	if parsed.Path == "" || parsed.Path == "/" {
		return err
	}
	return fmt.Errorf("%w: the server runs, but does not know the path %s, which reaches it unchanged: have it read BASE_PATH, "+
		"or give it a host of its own, with the keys `host` and `path /`", err, strings.TrimSuffix(parsed.Path, "/"))
}

// Get returns a healthy answer, which is any of 2xx or 3xx.
func Get(ctx context.Context, client *http.Client, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
	case response.StatusCode == http.StatusNotFound:
		err = fmt.Errorf("GET %s: %w", address, errNotFound)
	case response.StatusCode < 200 || response.StatusCode > 399:
		err = fmt.Errorf("GET %s: %s", address, response.Status)
	}
	return string(body), err
}
