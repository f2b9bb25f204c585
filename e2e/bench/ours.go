//go:build e2e

package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// editServer changes what the server does, as little as can be: another binary
// comes out, so that no cache knows it.
func (b *bench) editServer() error {
	b.edits++
	text := fmt.Sprintf("package main\n\nimport \"os\"\n\nfunc init() { os.Setenv(\"EDIT\", \"%d\") }\n", b.edits)
	return os.WriteFile(filepath.Join(b.Dir, "app", "edit.go"), []byte(text), 0o644)
}

// plainly runs pulumi with Pulumi's default options for Go.
func (b *bench) plainly(args ...string) error {
	project := filepath.Join(b.Dir, "Pulumi.yaml")
	ours, err := os.ReadFile(project)
	if err != nil {
		return err
	}
	defer os.WriteFile(project, ours, 0o644)
	if err := os.WriteFile(project, []byte("name: hello-world\nruntime: go\nmain: infra\n"), 0o644); err != nil {
		return err
	}
	return b.pulumi(args...)
}
