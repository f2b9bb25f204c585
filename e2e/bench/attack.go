//go:build e2e

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

const (
	connections = 16
	duration    = 3 * time.Second
)

// report is how a server stood an attack.
type report struct {
	PerSecond float64
	P99       float64 // milliseconds
}

// attack asks the URL for as much as it can give, on keep-alive connections. An
// answer other than 200 is an error.
func attack(url string) (report, error) {
	attacker := vegeta.NewAttacker(
		vegeta.Workers(connections), vegeta.MaxWorkers(connections),
		vegeta.Connections(connections), vegeta.MaxConnections(connections),
	)
	target := vegeta.NewStaticTargeter(vegeta.Target{Method: http.MethodGet, URL: url})
	var metrics vegeta.Metrics
	for result := range attacker.Attack(target, vegeta.Rate{}, duration, "") {
		metrics.Add(result)
	}
	metrics.Close()
	if metrics.Success < 1 {
		return report{}, fmt.Errorf("of %d answers of %s, %.3f%% were bad: %v %v", metrics.Requests, url, 100*(1-metrics.Success), metrics.StatusCodes, metrics.Errors)
	}
	return report{metrics.Throughput, float64(metrics.Latencies.P99) / float64(time.Millisecond)}, nil
}

// attackAndPrint is the attack for where only a command can go: to a node.
func attackAndPrint(url string) error {
	report, err := attack(url)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(report)
}
