package scripts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The targets of make use the selected stack, or dev if there is none.
func TestSelected(t *testing.T) {
	checkout := t.TempDir()
	script, err := os.ReadFile("selected.sh")
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(checkout, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write("scripts/selected.sh", string(script))
	write("scripts/env.sh", "echo 'export PULUMI_BACKEND_URL=\"${BACKEND:-file:///here?metadata=skip}\"'")
	write("Pulumi.yaml", "name: hello-world\n")
	selectedOf := func(backend, want string) {
		t.Helper()
		if got := strings.TrimSpace(run(t, "", []string{"BACKEND=" + backend}, "bash", filepath.Join(checkout, "scripts/selected.sh"))); got != want {
			t.Errorf("it says %q, want %s", got, want)
		}
	}
	selected := func(want string) { t.Helper(); selectedOf("", want) }
	selected("dev")
	const file = ".pulumi-home/workspaces/hello-world-0123456789012345678901234567890123456789-workspace.json"
	write(file, "{\n    \"stack\": \"organization/hello-world/prod\"\n}")
	selected("prod")
	write(file, "{\n    \"stack\": \"second\"\n}")
	selected("second")
	write(file, "{\n    \"stack\": \"before\",\n    \"stacks\": {\n        \"file:///here?metadata=skip\": \"organization/hello-world/prod\",\n"+
		"        \"s3://states?endpoint=x\\u0026use_path_style=true\": \"organization/hello-world/third\"\n    }\n}")
	selected("prod")
	selectedOf("s3://states?endpoint=x&use_path_style=true", "third")
	selectedOf("s3://other", "before")
	write(file, "{}")
	selected("dev")
	// In a shell with `make env`, another project's selection comes here too.
	for _, another := range []string{"another", "hello-world-too"} {
		write(strings.Replace(file, "/hello-world", "/"+another, 1), "{\n    \"stack\": \"theirs\"\n}")
		selected("dev")
	}
}
