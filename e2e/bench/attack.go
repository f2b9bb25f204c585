//go:build e2e

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

const connections = 16

// load is how much an attack asks for.
type load struct {
	rate     vegeta.Rate // the zero value is as much as the server can give
	duration time.Duration
}

var (
	// Short, for many turns: neighbours change a machine from one moment to the next.
	straight = load{duration: 2 * time.Second}
	routed   = load{rate: vegeta.Rate{Freq: 500, Per: time.Second}, duration: time.Second}
)

// report is how a server stood an attack.
type report struct {
	Requests  uint64
	PerSecond float64
	P99       float64 // milliseconds
	UserTime  float64 // microseconds of CPU time for a request, outside of the kernel; 0 if that was not asked for
}

// attack asks the URL, on keep-alive connections. An answer other than 200 is an error.
func attack(url string, l load) (report, error) {
	attacker := vegeta.NewAttacker(
		vegeta.Workers(connections), vegeta.MaxWorkers(connections),
		vegeta.Connections(connections), vegeta.MaxConnections(connections),
	)
	target := vegeta.NewStaticTargeter(vegeta.Target{Method: http.MethodGet, URL: url})
	var metrics vegeta.Metrics
	for result := range attacker.Attack(target, l.rate, l.duration, "") {
		metrics.Add(result)
	}
	metrics.Close()
	if metrics.Success < 1 {
		return report{}, fmt.Errorf("of %d answers of %s, %.3f%% were bad: %v %v", metrics.Requests, url, 100*(1-metrics.Success), metrics.StatusCodes, metrics.Errors)
	}
	return report{Requests: metrics.Requests, PerSecond: metrics.Throughput, P99: float64(metrics.Latencies.P99) / float64(time.Millisecond)}, nil
}

// attackProcess attacks the URL of a process on the same machine, and prints the report.
func attackProcess(url, process string) error {
	before, err := userTime(process)
	if err != nil {
		return err
	}
	report, err := attack(url, straight)
	if err != nil {
		return err
	}
	after, err := userTime(process)
	if err != nil {
		return err
	}
	report.UserTime = float64((after - before).Microseconds()) / float64(report.Requests)
	return json.NewEncoder(os.Stdout).Encode(report)
}

// userTime is the CPU time that a process has spent outside of the kernel.
func userTime(process string) (time.Duration, error) {
	const tick = 10 * time.Millisecond // proc_pid_stat(5): sysconf(_SC_CLK_TCK) is 100 on all platforms of Go
	stat, err := os.ReadFile("/proc/" + process + "/stat")
	if err != nil {
		return 0, err
	}
	_, afterName, _ := bytes.Cut(stat, []byte(") "))
	ticks, err := strconv.Atoi(string(bytes.Fields(afterName)[11])) // utime
	return time.Duration(ticks) * tick, err
}
