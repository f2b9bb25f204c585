//go:build e2e

package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// editServer changes our server.
func (b *bench) editServer() error { return b.editIn("app") }

// editIn changes what the server in a folder does, as little as can be: another
// binary comes out, so that no cache knows it.
func (b *bench) editIn(folder string) error {
	b.edits++
	text := fmt.Sprintf("package main\n\nimport \"os\"\n\nfunc init() { os.Setenv(\"EDIT\", \"%d\") }\n", b.edits)
	return os.WriteFile(filepath.Join(b.Dir, folder, "edit.go"), []byte(text), 0o644)
}

// upPlainly is `pulumi up` with Pulumi's default options for Go.
func (b *bench) upPlainly() error {
	project := filepath.Join(b.Dir, "Pulumi.yaml")
	ours, err := os.ReadFile(project)
	if err != nil {
		return err
	}
	defer os.WriteFile(project, ours, 0o644)
	if err := os.WriteFile(project, []byte("name: hello-world\nruntime: go\nmain: infra\n"), 0o644); err != nil {
		return err
	}
	return b.pulumi("up")
}
