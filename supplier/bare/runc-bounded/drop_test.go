package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestDropFromKeepsTheRest(t *testing.T) {
	config := filepath.Join(t.TempDir(), "config.json")
	write(t, config, `{"process":{"capabilities":{"bounding":["CAP_CHOWN","CAP_SYS_RESOURCE"],"ambient":["CAP_SYS_RESOURCE"]},"args":["sh"]},"linux":{"limit":9223372036854771712}}`)
	if err := dropFrom(config, []string{"CAP_SYS_RESOURCE"}, "process", "capabilities"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "9223372036854771712") {
		t.Errorf("a 64-bit number was changed: %s", text)
	}
	var got struct {
		Process struct {
			Capabilities map[string][]string
			Args         []string
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{"bounding": {"CAP_CHOWN"}, "ambient": {}}
	if !reflect.DeepEqual(got.Process.Capabilities, want) || got.Process.Args[0] != "sh" {
		t.Errorf("config = %s", text)
	}
}

func TestFlagValue(t *testing.T) {
	for _, args := range [][]string{
		{"--root", "/r", "create", "--bundle", "/b", "id"},
		{"--root", "/r", "create", "--bundle=/b", "id"},
		{"create", "-b", "/b", "id"},
	} {
		if got := flagValue(args, "--bundle", "-b"); got != "/b" {
			t.Errorf("flagValue(%q) = %q, want /b", args, got)
		}
	}
	if got := flagValue([]string{"state", "id"}, "--bundle", "-b"); got != "" {
		t.Errorf("flagValue without the flag = %q", got)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
