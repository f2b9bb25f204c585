package engine

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestRegisterRuntimeKeepsTheRest(t *testing.T) {
	users, ours := filepath.Join(t.TempDir(), "daemon.json"), filepath.Join(t.TempDir(), "hello-world", "daemon.json")
	if err := registerRuntime(users, ours, "runc-bounded", "/a"); err != nil {
		t.Fatal("without a file of the user's: ", err)
	}
	const theirs = `{"registry-mirrors":["https://mirror.example"],"default-runtime":"kata","runtimes":{"kata":{"path":"/k"}}}`
	if err := os.WriteFile(users, []byte(theirs), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := registerRuntime(users, ours, "runc-bounded", "/b"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(ours)
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
	if text, err := os.ReadFile(users); err != nil || string(text) != theirs {
		t.Errorf("the user's is now %s, error %v", text, err)
	}
}

func TestRegisterRuntimeRefusesABrokenFile(t *testing.T) {
	users, ours := filepath.Join(t.TempDir(), "daemon.json"), filepath.Join(t.TempDir(), "daemon.json")
	if err := os.WriteFile(users, []byte(`{"registry-mirrors":`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := registerRuntime(users, ours, "runc-bounded", "/a"); err == nil {
		t.Error("a broken configuration was accepted")
	}
}
