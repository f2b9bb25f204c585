package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"example.com/hello-world/infra/kubeconfig"
)

// whyNotReady says what is wrong with the Pods of a namespace, in the cluster's own words: which probe failed and what it
// got, who killed a container, what cannot be pulled, and which node has no room; "" if the cluster has reported nothing
// since then. The provider would say only that it timed out.
func whyNotReady(cluster *kubeconfig.Connection) func(ctx context.Context, namespace string, since time.Time) string {
	return func(ctx context.Context, namespace string, since time.Time) string {
		events, err := cluster.PodEvents(ctx, namespace)
		if err != nil {
			return ""
		}
		slices.SortFunc(events, func(a, b kubeconfig.Event) int { return a.At().Compare(b.At()) })
		var said []string
		for _, event := range slices.Backward(events) {
			telling := event.Type == "Warning" || event.Reason == "Killing" && strings.Contains(event.Message, "failed")
			// Timestamps are in whole seconds.
			if telling && event.At().After(since.Add(-time.Second)) && !slices.Contains(said, event.Message) {
				said = append(said, event.Message)
			}
			if len(said) == 5 {
				break
			}
		}
		return strings.Join(said, "; ")
	}
}
