// Package hugepages gives all programs of the machine huge pages while it compiles or
// tests. If only programs that ask get them, which the compiler does not, half of a
// build's time goes into page faults.
package hugepages

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"

	"example.com/hello-world/supplier/engine"
)

// Wanted reports whether to change the setting, which is the whole machine's: if
// HUGEPAGES=1 says so, or if we have the machine to ourselves, that is, if the Docker
// Engine is ours, or about to be.
func Wanted() bool {
	if os.Getenv("HUGEPAGES") != "" {
		return os.Getenv("HUGEPAGES") == "1"
	}
	_, err := exec.LookPath("dockerd")
	ours, _ := engine.Ours()
	return engine.IsDebianRoot() && (err != nil || ours != 0)
}

// Setting is the machine's setting, and what it was before.
type Setting struct {
	file   string // of the kernel
	record string // holds what it was, and the process that changed it

	mutex   sync.Mutex
	changed bool
}

// OfMachine returns the setting of this machine.
func OfMachine() *Setting {
	return &Setting{file: "/sys/kernel/mm/transparent_hugepage/enabled", record: "/run/hello-world-hugepages"}
}

// Use turns on huge pages for all programs, and returns what to say about it; "" if there
// was nothing to change.
func (s *Setting) Use() (said string, err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.changed {
		return "", nil
	}
	before, err := s.read()
	if before == "always" || err != nil {
		return "", err
	}
	// Write the record first: whatever happens then, the next run can restore the setting.
	if err := os.WriteFile(s.record, fmt.Appendf(nil, "%s %d\n", before, os.Getpid()), 0o644); err != nil {
		return "", err
	}
	if err := os.WriteFile(s.file, []byte("always"), 0o644); err != nil {
		return "", errors.Join(err, os.Remove(s.record))
	}
	s.changed = true
	return fmt.Sprintf("transparent huge pages: always until this is done, %s after that", before), nil
}

// Restore restores the setting if this process changed it, or one that has ended.
func (s *Setting) Restore() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	text, err := os.ReadFile(s.record)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var before string
	var pid int
	if _, err := fmt.Sscan(string(text), &before, &pid); err != nil {
		return fmt.Errorf("%s: %w", s.record, err)
	}
	if pid != os.Getpid() && syscall.Kill(pid, 0) == nil {
		return nil // another process is still at work
	}
	s.changed = false
	return errors.Join(os.WriteFile(s.file, []byte(before), 0o644), os.Remove(s.record))
}

// read returns which of the kernel's words is in brackets.
func (s *Setting) read() (string, error) {
	text, err := os.ReadFile(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		return "always", nil // a kernel without them
	}
	_, after, _ := strings.Cut(string(text), "[")
	now, _, found := strings.Cut(after, "]")
	if err == nil && !found {
		err = fmt.Errorf("%s says %q", s.file, text)
	}
	return now, err
}
