package dev

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"example.com/hello-world/ship/docker"
	"example.com/hello-world/ship/pulumi"
	"example.com/hello-world/ship/service"
)

// drainTime is the key drainTime, in seconds, unless the stack sets it. With the usual ten, what you saved would be seen no
// sooner than that on kept connections. Traefik needs half a second to learn of new Pods.
const drainTime = "1"

// outcome is what an update reported.
type outcome struct {
	service.Service
	changed  bool     // something in the cluster is not as it was
	problems []string // what the tools said about a failure
}

// up runs `pulumi up` on the project's stack, without a preview. The error is what the tools said. When ctx ends, Pulumi
// cancels the update, and up returns after that. With refresh, Pulumi first asks the cluster what is there: its state does not
// say so after an update that was interrupted.
func (p project) up(ctx context.Context, refresh bool) (told outcome, err error) {
	cli := pulumi.CLI{Folder: p.folder, Stack: p.stack}
	complaint, err := cli.Events(ctx, told.take, []string{"DEV_DRAIN_TIME=" + drainTime}, "up", "--skip-preview", fmt.Sprintf("--refresh=%t", refresh))
	if err != nil {
		if words := strings.TrimSpace(strings.Join(told.problems, "") + complaint); words != "" {
			err = errors.New(words)
		}
		return told, err
	}
	if told.changed {
		// The previous image has lost its name. Without Docker, there is none to remove.
		_ = docker.PruneBuilds(ctx)
	}
	return told, nil
}

// take takes what an event of the update reports.
func (o *outcome) take(event apitype.EngineEvent) {
	if problem := pulumi.Problem(event); problem != "" {
		o.problems = append(o.problems, problem)
	}
	if event.SummaryEvent != nil {
		for operation, count := range event.SummaryEvent.ResourceChanges {
			o.changed = o.changed || operation != apitype.OpSame && count > 0
		}
	}
	if outputs := pulumi.Outputs(event); outputs != nil {
		text, err := json.Marshal(outputs)
		if err == nil {
			_ = json.Unmarshal(text, &o.Service) // an output of another type is none of the program's
		}
	}
}
