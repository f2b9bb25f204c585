package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// drain is how long Pods of the old version may keep answering.
const drain = 10 * time.Second

// answer is what the server reports about itself.
type answer struct {
	Version string `json:"version"` // "" if it does not say
}

// ask asks the service for its version, or, if it does not know that question, whether it answers at all.
func ask(ctx context.Context, of outcome) (who answer, err error) {
	response, err := get(ctx, strings.TrimSuffix(of.url, "/")+"/whoami")
	if err != nil {
		return who, err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK && json.NewDecoder(response.Body).Decode(&who) == nil && who.Version != "" {
		return who, nil
	}
	response, err = get(ctx, of.healthURL)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s", of.healthURL, response.Status)
	}
	return answer{}, err
}

func get(ctx context.Context, url string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	request.Close = true // so that the next request may reach another Pod
	client := http.Client{Timeout: drain}
	return client.Do(request)
}

// askFor asks until a version other than old answers, or one that does not say, or the old Pods have had their time.
func askFor(ctx context.Context, of outcome, old string) (who answer, err error) {
	for deadline := time.Now().Add(drain); ; time.Sleep(50 * time.Millisecond) {
		who, err = ask(ctx, of)
		if err == nil && (who.Version == "" || who.Version != old) || ctx.Err() != nil || time.Now().After(deadline) {
			return who, err
		}
	}
}
