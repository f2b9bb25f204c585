package kernel

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// setting makes a setting in the test's files; says is the kernel's text.
func setting(t *testing.T, says string) *Setting {
	t.Helper()
	dir := t.TempDir()
	s := &Setting{Name: "it", value: "always", file: filepath.Join(dir, "enabled"), record: filepath.Join(dir, "record")}
	if err := os.WriteFile(s.file, []byte(says), 0o644); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *Setting) is(t *testing.T, want string) {
	t.Helper()
	text, err := os.ReadFile(s.file)
	if err != nil || string(text) != want {
		t.Errorf("the setting is %q, error %v, want %q", text, err, want)
	}
}

func TestUseAndRestore(t *testing.T) {
	s := setting(t, "always [madvise] never\n")
	said, err := s.Use()
	if err != nil || !strings.Contains(said, "madvise after that") {
		t.Errorf("it says %q, error %v", said, err)
	}
	s.is(t, "always")
	if said, err := s.Use(); said != "" || err != nil {
		t.Errorf("the second time it says %q, error %v", said, err)
	}
	if err := s.Restore(); err != nil {
		t.Error(err)
	}
	s.is(t, "madvise")
	if err := s.Restore(); err != nil {
		t.Errorf("restored twice: %v", err)
	}
}

func TestNothingToChange(t *testing.T) {
	s := setting(t, "[always] madvise never\n")
	if said, err := s.Use(); said != "" || err != nil {
		t.Errorf("it says %q, error %v", said, err)
	}
	if err := s.Restore(); err != nil {
		t.Error(err)
	}
	s.is(t, "[always] madvise never\n")
}

func TestNumber(t *testing.T) {
	for before, want := range map[string]string{"128\n": "512", "512\n": "512\n", "1024\n": "1024\n"} {
		s := setting(t, before)
		s.value = "512"
		if _, err := s.Use(); err != nil {
			t.Error(err)
		}
		s.is(t, want)
		if err := s.Restore(); err != nil {
			t.Error(err)
		}
		if text, err := os.ReadFile(s.file); err != nil || strings.TrimSpace(string(text)) != strings.TrimSpace(before) {
			t.Errorf("restored, it is %q, error %v, want %q", text, err, before)
		}
	}
}

// Restore restores what a killed run left behind, but not what a live one has set.
func TestRestoreAfterAnotherProcess(t *testing.T) {
	ended := exec.Command("true")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	for want, pid := range map[string]int{"never": ended.Process.Pid, "always": os.Getppid()} {
		s := setting(t, "always")
		if err := os.WriteFile(s.record, fmt.Appendf(nil, "never %d\n", pid), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := s.Restore(); err != nil {
			t.Error(err)
		}
		s.is(t, want)
	}
}
