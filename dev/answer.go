package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
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

// askFor asks until the image that was rolled out answers, or the old Pods have had their time. Until then, Pods of several
// versions may answer, if one rollout follows another.
func (c *cycle) askFor(ctx context.Context, of outcome) (who answer, err error) {
	expected, before := c.versions[of.image]
	for deadline := time.Now().Add(drain); ; time.Sleep(50 * time.Millisecond) {
		who, err = ask(ctx, of)
		isNew := who.Version == "" || !slices.Contains(slices.Collect(maps.Values(c.versions)), who.Version)
		if err == nil && (before && who.Version == expected || !before && isNew) || ctx.Err() != nil || time.Now().After(deadline) {
			return who, err
		}
	}
}
