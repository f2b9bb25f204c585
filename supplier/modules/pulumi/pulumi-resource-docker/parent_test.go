package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"
)

// orphan makes this test binary run as a plugin whose parent is killed.
const orphan = "TEST_ENDS_WITH_PARENT"

func TestMain(m *testing.M) {
	if os.Getenv(orphan) != "" {
		parent := os.Getppid()
		fmt.Println("runs")
		endWithParent(parent)
	}
	os.Exit(m.Run())
}

func TestEndsWithParent(t *testing.T) {
	parent := exec.Command("sh", "-c", `"$0"; true`, os.Args[0])
	parent.Env = append(os.Environ(), orphan+"=yes")
	said, plugin, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	parent.Stdout = plugin
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	plugin.Close()
	lines := bufio.NewReader(said)
	if line, err := lines.ReadString('\n'); line != "runs\n" {
		t.Fatalf("it says %q, %v", line, err)
	}
	parent.Process.Kill()
	parent.Wait()
	// Its output ends when the plugin ends.
	said.SetReadDeadline(time.Now().Add(time.Minute))
	if rest, err := io.ReadAll(lines); err != nil || len(rest) > 0 {
		t.Errorf("it says %q, %v", rest, err)
	}
}
