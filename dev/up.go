package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
)

// patience bounds the wait for Pulumi to cancel an update.
const patience = time.Minute

// drainTime is the key drainTime, in seconds, unless the stack sets it. With the usual ten, what you saved would be seen no
// sooner than that on kept connections. Traefik needs half a second to learn of new Pods.
const drainTime = "1"

// outcome is what an update reported.
type outcome struct {
	service
	changed   bool     // something in the cluster is not as it was
	url       string   // of the service
	healthURL string   // what answers if clients reach it
	problems  []string // what the tools said about a failure
}

// up runs `pulumi up` on the project's stack, without a preview. The error is what the tools said. When ctx ends, Pulumi
// cancels the update, and up returns after that. With refresh, Pulumi first asks the cluster what is there: its state does not
// say so after an update that was interrupted.
func (p project) up(ctx context.Context, refresh bool) (outcome, error) {
	cmd := exec.CommandContext(ctx, "pulumi", "up", "--stack", p.stack, "--skip-preview", "--non-interactive", "--json",
		fmt.Sprintf("--refresh=%t", refresh))
	cmd.Dir = p.folder
	cmd.Env = append(os.Environ(), "DEV_DRAIN_TIME="+drainTime)
	// Pulumi must get a Ctrl-C from this process only: it takes a second one as an order to stop at once, without
	// cancelling.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = patience

	var events, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &events, &complaint
	failed := cmd.Run()
	told, err := read(&events)
	if failed != nil {
		words := strings.TrimSpace(strings.Join(told.problems, "") + complaint.String())
		if words == "" {
			words = failed.Error()
		}
		return told, errors.New(words)
	}
	if told.changed {
		// The previous image has lost its name. Without Docker, there is none to remove.
		_ = exec.CommandContext(ctx, "docker", "image", "prune", "--force", "--filter", "label=hello-world.project").Run()
	}
	return told, err
}

// read reads the events of an update.
func read(events io.Reader) (told outcome, err error) {
	for decoder := json.NewDecoder(events); ; {
		var event apitype.EngineEvent
		if err := decoder.Decode(&event); err == io.EOF {
			return told, nil
		} else if err != nil {
			return told, fmt.Errorf("reading what pulumi up prints: %w", err)
		}
		switch {
		case event.DiagnosticEvent != nil:
			said := event.DiagnosticEvent
			problem := said.Severity == string(diag.Error) || said.Severity == string(diag.Infoerr)
			if problem && said.Message != "update failed\n" { // which gives no reason
				told.problems = append(told.problems, said.Message)
			}
		case event.SummaryEvent != nil:
			for operation, count := range event.SummaryEvent.ResourceChanges {
				told.changed = told.changed || operation != apitype.OpSame && count > 0
			}
		case event.ResOutputsEvent != nil:
			if done := event.ResOutputsEvent.Metadata; done.Type == "pulumi:pulumi:Stack" && done.New != nil {
				output := func(name string) string {
					text, _ := done.New.Outputs[name].(string)
					return text
				}
				told.url, told.healthURL = output("url"), output("healthUrl")
				told.service = service{output("context"), output("namespace"), output("app")}
			}
		}
	}
}
