package engine

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestRegisterRuntimeKeepsTheRest(t *testing.T) {
	file := filepath.Join(t.TempDir(), "docker", "daemon.json")
	if err := registerRuntime(file, "runc-bounded", "/a"); err != nil {
		t.Fatal("no file before: ", err)
	}
	if err := os.WriteFile(file, []byte(`{"registry-mirrors":["https://mirror.example"],"runtimes":{"kata":{"path":"/k"}}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := registerRuntime(file, "runc-bounded", "/b"); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Mirrors  []string                         `json:"registry-mirrors"`
		Default  string                           `json:"default-runtime"`
		Runtimes map[string]struct{ Path string } `json:"runtimes"`
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Mirrors) != 1 || got.Default != "runc-bounded" || got.Runtimes["kata"].Path != "/k" || got.Runtimes["runc-bounded"].Path != "/b" {
		t.Errorf("the configuration is %s", text)
	}
}

func TestRegisterRuntimeRefusesABrokenFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "daemon.json")
	const broken = `{"registry-mirrors":`
	if err := os.WriteFile(file, []byte(broken), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := registerRuntime(file, "runc-bounded", "/a"); err == nil {
		t.Error("a broken configuration was accepted")
	}
	if text, _ := os.ReadFile(file); string(text) != broken {
		t.Errorf("a broken configuration was overwritten: %s", text)
	}
}
