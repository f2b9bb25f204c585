package commands

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	stackFile = "Pulumi.dev.yaml"
	free      = "config:\n  # Mine.\n  hello-world:replicas: \"3\"\n"
	held      = free + "  hello-world:hold: it\n"
)

// versioned is a checkout in which `pulumi up` runs that, with a stack's file and a state with two versions.
func versioned(t *testing.T, up, text string) folder {
	t.Helper()
	c := newCheckout(t)
	c.write(t, stackFile, text)
	c.write(t, "bin/pulumi", "#!/bin/sh\ncase \"$1\" in up) "+up+" ;; esac\n")
	for i, digit := range []string{"1", "2"} {
		at := "dev-" + strings.Repeat(digit, 19)
		c.write(t, ".pulumi-state/.pulumi/history/hello-world/dev/"+at+".history.json", `{"kind": "update", "result": "succeeded", "startTime": `+string(rune('1'+i))+`, "config": {}}`)
		c.write(t, ".pulumi-state/.pulumi/history/hello-world/dev/"+at+".checkpoint.json",
			`{"checkpoint": {"latest": {"resources": [{"type": "pulumi:pulumi:Stack", "outputs": {"image": "x@sha256:`+strings.Repeat(digit, 64)+`", "replicas": 3}}]}}}`)
	}
	return c
}

func (c folder) text(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(string(c), file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A rollback and its end change the stack's file only if they succeed.
func TestRollback(t *testing.T) {
	for _, test := range []struct{ command, before, up string }{
		{"rollback", free, "true"}, {"rollback", free, "exit 1"}, {"forward", held, "true"}, {"forward", held, "exit 1"},
	} {
		c := versioned(t, test.up, test.before)
		said, err := c.runs(t, test.command)
		after := c.text(t, stackFile)
		fails := test.up != "true"
		if changed := after != test.before; (err != nil) != fails || changed == fails || strings.Contains(said, "as it was before") != fails {
			t.Errorf("%s with %s leaves %s, says %s, error %v", test.command, test.up, after, said, err)
		}
		if held := strings.Contains(after, "image: x@sha256:1111"); !fails && held != (test.command == "rollback") {
			t.Errorf("%s leaves %s", test.command, after)
		}
	}
}

// So do those that are interrupted, after Pulumi has ended.
func TestRollbackIsInterrupted(t *testing.T) {
	for command, before := range map[string]string{"rollback": free, "forward": held} {
		c := versioned(t, "trap 'touch ended; exit 1' INT; touch begun; while :; do sleep 0.1; done", before)
		ctx, end := context.WithCancelCause(t.Context())
		go func() {
			for {
				if _, err := os.Stat(filepath.Join(string(c), "begun")); err == nil {
					break
				}
				time.Sleep(20 * time.Millisecond)
			}
			if text, _ := os.ReadFile(filepath.Join(string(c), stackFile)); string(text) == before {
				t.Errorf("%s has not changed the file yet", command)
			}
			end(interruptedByKill)
		}()
		_, err := c.runsUntil(t, ctx, command)
		c.text(t, "ended")
		if after := c.text(t, stackFile); after != before || err == nil {
			t.Errorf("%s leaves %s, error %v", command, after, err)
		}
	}
}

// In a clone without tools, the state is not empty but unknown.
func TestHistoryWithoutTools(t *testing.T) {
	c := versioned(t, "true", free)
	if said, err := c.runs(t, "history"); err != nil || !strings.Contains(said, "222222222222") {
		t.Errorf("it says %s, error %v", said, err)
	}
	if err := os.Remove(filepath.Join(string(c), "bin/pulumi")); err != nil {
		t.Fatal(err)
	}
	if said, err := c.runs(t, "history"); err == nil || !strings.Contains(said, "run 'make tools'") {
		t.Errorf("it says %s, error %v", said, err)
	}
}

// A backend that gives out no old versions says what does.
func TestHistoryOfPulumiCloud(t *testing.T) {
	c := versioned(t, "true", free)
	t.Setenv("PULUMI_BACKEND_URL", "https://api.pulumi.com")
	if said, err := c.runs(t, "rollback"); err == nil || !strings.Contains(said, "pulumi config set hold IMAGE") {
		t.Errorf("it says %s, error %v", said, err)
	}
}
