//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// hello is the project under test, on a running cluster without a stack.
var hello *project

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	root, err := filepath.Abs("..")
	if err == nil {
		hello, err = newProject(root)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	defer os.RemoveAll(hello.dir)
	defer hello.show("cluster/down.sh")
	// A run that was interrupted may have left its cluster behind.
	if err := errors.Join(hello.show("cluster/down.sh"), hello.show("cluster/up.sh")); err != nil {
		fmt.Fprintln(os.Stderr, "error: the cluster did not come up:", err)
		return 1
	}
	return m.Run()
}
