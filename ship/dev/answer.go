package dev

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// routed is how long it may take until the way in knows new Pods.
const routed = 10 * time.Second

// awaitAnswer asks until the service answers.
func awaitAnswer(ctx context.Context, of outcome) (version string, err error) {
	for deadline := time.Now().Add(routed); ; time.Sleep(pause) {
		if version, err = ask(ctx, of); err == nil || ctx.Err() != nil || time.Now().After(deadline) {
			return version, err
		}
	}
}

// ask asks the service for its version, or, if it does not know that question, whether it answers at all: then it is "".
func ask(ctx context.Context, of outcome) (version string, err error) {
	response, err := get(ctx, strings.TrimSuffix(of.URL, "/")+"/whoami")
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var who struct{ Version string }
	if response.StatusCode == http.StatusOK && json.NewDecoder(response.Body).Decode(&who) == nil && who.Version != "" {
		return who.Version, nil
	}
	response, err = get(ctx, of.HealthURL)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s", of.HealthURL, response.Status)
	}
	return "", err
}

func get(ctx context.Context, url string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	request.Close = true // so that the next request may reach another Pod
	client := http.Client{Timeout: routed}
	return client.Do(request)
}
