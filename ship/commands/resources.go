package commands

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// resource is what matters about a resource in the stack's state.
type resource struct {
	URN, ID string
	Protect bool
	Outputs map[string]any
}

// resources returns what is in the stack's state.
func (s session) resources(ctx context.Context) ([]resource, error) {
	exported, err := s.pulumi.Output(ctx, "stack", "export")
	if err != nil {
		return nil, err
	}
	var state struct {
		Deployment struct{ Resources []resource }
	}
	err = json.Unmarshal([]byte(exported), &state)
	return state.Deployment.Resources, err
}

// stateID returns the ids that the stack's state has had, and whether there is anything in it.
func (s session) stateID(ctx context.Context) (ids map[string]bool, empty bool, err error) {
	ids = map[string]bool{}
	resources, err := s.resources(ctx)
	for _, r := range resources {
		if strings.HasSuffix(r.URN, "::pulumi:index:Stash::state") {
			output, _ := r.Outputs["output"].(string)
			ids[r.ID], ids[output] = true, true
		}
	}
	return ids, len(resources) == 0, err
}

// keepsProtected refuses to remove what Pulumi would refuse to delete: the cluster would take it along.
func (s session) keepsProtected(ctx context.Context) error {
	resources, err := s.resources(ctx)
	if err != nil {
		return nil // there is no stack
	}
	for _, r := range resources {
		if r.Protect {
			return fmt.Errorf("nothing was removed: the stack %s protects %s, with all that is stored there\n"+
				"  to remove that, too:   pulumi state unprotect '%s' --stack %[1]s --yes && make down STACK=%[1]s", s.stack, r.ID, r.URN)
		}
	}
	if slices.ContainsFunc(resources, func(r resource) bool { return strings.HasSuffix(r.URN, "::hello-world:index:Postgres::postgres") }) {
		s.Say("stack %s: the data of its database goes, too", s.stack)
	}
	return nil
}
