package service

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// routed is how long an Ingress controller may take to hear of an Ingress, which it answers with 404 until then.
const routed = 20 * time.Second

// errNotFound is an answer of 404.
var errNotFound = errors.New("404 Not Found")

// Answer waits until a URL answers with 200, and returns the answer. If the Pods are ready and the Ingress is there, it is served:
// then a 404 is the server's.
func Answer(ctx context.Context, address string, patience time.Duration, served bool) (string, error) {
	deadline, since := time.Now().Add(patience), time.Now()
	for {
		body, err := get(ctx, address)
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

func get(ctx context.Context, address string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
	case response.StatusCode == http.StatusNotFound:
		err = fmt.Errorf("GET %s: %w", address, errNotFound)
	case response.StatusCode != http.StatusOK:
		err = fmt.Errorf("GET %s: %s", address, response.Status)
	}
	return string(body), err
}
