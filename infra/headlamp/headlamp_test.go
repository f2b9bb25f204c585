package headlamp_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/headlamp"
	"example.com/hello-world/infra/internal/declared"
)

// Users of the dashboard can change nothing and see no Secret, and the dashboard itself has no rights at all.
func TestDashboardRights(t *testing.T) {
	objects, err := declared.By(func(ctx *pulumi.Context) error {
		_, err := headlamp.New(ctx, &headlamp.Args{Image: headlamp.Image, Path: "/dashboard", State: pulumi.String(declared.StateID)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	rules := objects.One(t, ":ClusterRole", "headlamp-viewer").At("rules").([]any)
	for _, entry := range rules {
		rule := entry.(map[string]any)
		if got := fmt.Sprint(rule["verbs"]); got != "[get list watch]" {
			t.Errorf("%v: the verbs are %s", rule, got)
		}
		for _, resource := range rule["resources"].([]any) {
			if name := resource.(string); name == "secrets" || strings.ContainsAny(name, "*") || name != "pods/log" && strings.Contains(name, "/") {
				t.Errorf("%s may be read", name)
			}
		}
	}
	for _, binding := range objects.OfType(":ClusterRoleBinding") {
		if binding.At("metadata.name") == "headlamp-viewer" {
			binding.Expect(t, map[string]any{
				"roleRef.name": "headlamp-viewer", "subjects.1": nil,
				"subjects.0.kind": "ServiceAccount", "subjects.0.name": "viewer", "subjects.0.namespace": "headlamp",
			})
		} else if binding.At("subjects.0.namespace") == "headlamp" {
			t.Errorf("%s binds an account of the dashboard's too", binding.Name)
		}
	}
	objects.One(t, ":ServiceAccount", "viewer").Expect(t, map[string]any{"automountServiceAccountToken": false})
}
