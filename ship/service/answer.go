package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// routed is how long an Ingress controller may take to hear of an Ingress, which it answers with 404 until then.
const routed = 20 * time.Second

// errNotFound is an answer of 404.
var errNotFound = errors.New("404 Not Found")

// connectTo is what the `try` of a stack connects to, in place of the host of its URL.
var connectTo = regexp.MustCompile(`--connect-to ::(\S+)`)

// Client returns a client for the service. Like `try`, it finds the way in under a name that no DNS knows yet. A redirect is an
// answer, and each request may reach another Pod.
func (s Service) Client() *http.Client {
	dial := func(ctx context.Context, network, host string) (net.Conn, error) {
		connection, err := (&net.Dialer{}).DialContext(ctx, network, host)
		at := connectTo.FindStringSubmatch(s.Try)
		if unknown := new(net.DNSError); !errors.As(err, &unknown) || at == nil {
			return connection, err
		}
		return (&net.Dialer{}).DialContext(ctx, network, at[1])
	}
	return &http.Client{
		Timeout:       5 * time.Second,
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: dial, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Answer waits until the service is healthy, and returns what it answers. If its Pods are ready and its way in is there, it is
// served: then a 404 is the server's.
func (s Service) Answer(ctx context.Context, patience time.Duration, served bool) (string, error) {
	client, address := s.Client(), s.HealthURL
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
	return fmt.Errorf("%w: the server runs, but does not know the path %s, which reaches it unchanged: set `stripPrefix true`, have it read BASE_PATH, "+
		"or give it a host of its own, with the keys `host` and `path /`; if somebody changed the way in, `pulumi up --refresh` restores it", err, strings.TrimSuffix(parsed.Path, "/"))
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
