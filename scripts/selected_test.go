package scripts

import (
	"path/filepath"
	"strings"
	"testing"
)

// The targets of make use the selected stack, or dev if there is none.
func TestSelected(t *testing.T) {
	c := checkout(t.TempDir())
	c.copies(t, "selected.sh", "pulumi.sh")
	c.write(t, "scripts/env.sh", "echo 'export PULUMI_BACKEND_URL=\"${BACKEND:-file:///here?metadata=skip}\"'")
	c.write(t, "Pulumi.yaml", "name: hello-world\n")
	selectedOf := func(backend, want string) {
		t.Helper()
		if got := strings.TrimSpace(run(t, "", []string{"BACKEND=" + backend}, "bash", filepath.Join(string(c), "scripts/selected.sh"))); got != want {
			t.Errorf("it says %q, want %s", got, want)
		}
	}
	selected := func(want string) { t.Helper(); selectedOf("", want) }
	selected("dev")
	const file = ".pulumi-home/workspaces/hello-world-0123456789012345678901234567890123456789-workspace.json"
	c.write(t, file, "{\n    \"stack\": \"organization/hello-world/prod\"\n}")
	selected("prod")
	c.write(t, file, "{\n    \"stack\": \"second\"\n}")
	selected("second")
	c.write(t, file, "{\n    \"stack\": \"before\",\n    \"stacks\": {\n        \"file:///here?metadata=skip\": \"organization/hello-world/prod\",\n"+
		"        \"s3://states?endpoint=x\\u0026use_path_style=true\": \"organization/hello-world/third\"\n    }\n}")
	selected("prod")
	selectedOf("s3://states?endpoint=x&use_path_style=true", "third")
	selectedOf("s3://other", "before")
	c.write(t, file, "{}")
	selected("dev")
	// In a shell with `make env`, another project's selection comes here too.
	for _, another := range []string{"another", "hello-world-too"} {
		c.write(t, strings.Replace(file, "/hello-world", "/"+another, 1), "{\n    \"stack\": \"theirs\"\n}")
		selected("dev")
	}
}
