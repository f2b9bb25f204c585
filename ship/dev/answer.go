package dev

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"example.com/hello-world/ship/service"
)

// routed is how long it may take until the way in knows new Pods.
const routed = 10 * time.Second

// awaitAnswer asks until the service answers.
func awaitAnswer(ctx context.Context, of service.Service) (version string, err error) {
	client := of.Client()
	for deadline := time.Now().Add(routed); ; time.Sleep(pause) {
		if version, err = ask(ctx, of, client); err == nil || ctx.Err() != nil || time.Now().After(deadline) {
			return version, err
		}
	}
}

// ask asks the service for its version, or, if it does not know that question, whether it answers at all: then it is "".
func ask(ctx context.Context, of service.Service, client *http.Client) (version string, err error) {
	var who struct{ Version string }
	if said, err := service.Get(ctx, client, strings.TrimSuffix(of.URL, "/")+"/whoami"); err == nil && json.Unmarshal([]byte(said), &who) == nil && who.Version != "" {
		return who.Version, nil
	}
	_, err = service.Get(ctx, client, of.HealthURL)
	return "", err
}
