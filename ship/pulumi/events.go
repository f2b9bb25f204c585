package pulumi

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
)

// read reads the events of a `pulumi up --json`.
func read(from io.Reader, each func(apitype.EngineEvent)) error {
	for decoder := json.NewDecoder(from); ; {
		var event apitype.EngineEvent
		if err := decoder.Decode(&event); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading what pulumi prints: %w", err)
		}
		each(event)
	}
}

// Problem returns what an event says about a failure; "" if it says nothing.
func Problem(event apitype.EngineEvent) string {
	said := event.DiagnosticEvent
	if said == nil || said.Severity != string(diag.Error) && said.Severity != string(diag.Infoerr) ||
		said.Message == "update failed\n" { // which gives no reason
		return ""
	}
	return said.Message
}

// Outputs returns the outputs of the stack that an event has, or nil.
func Outputs(event apitype.EngineEvent) map[string]any {
	if done := event.ResOutputsEvent; done != nil && done.Metadata.Type == "pulumi:pulumi:Stack" && done.Metadata.New != nil {
		return done.Metadata.New.Outputs
	}
	return nil
}
