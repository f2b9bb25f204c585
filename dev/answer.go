package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// drain is how long Pods of the old version may keep answering.
const drain = 10 * time.Second

// answer is what the server reports about itself.
type answer struct {
	Version string `json:"version"`
}

// ask asks the service at url who answers.
func ask(ctx context.Context, url string) (who answer, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/whoami", nil)
	if err != nil {
		return who, err
	}
	request.Close = true // so that the next request may reach another Pod
	client := http.Client{Timeout: drain}
	response, err := client.Do(request)
	if err != nil {
		return who, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return who, fmt.Errorf("GET %s: %s", request.URL, response.Status)
	}
	return who, json.NewDecoder(response.Body).Decode(&who)
}

// askFor asks until a version other than old answers, or the old Pods have had their time.
func askFor(ctx context.Context, url string, old string) (who answer, err error) {
	for deadline := time.Now().Add(drain); ; time.Sleep(50 * time.Millisecond) {
		who, err = ask(ctx, url)
		if err == nil && who.Version != old || ctx.Err() != nil || time.Now().After(deadline) {
			return who, err
		}
	}
}
