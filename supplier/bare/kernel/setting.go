// Package kernel changes settings of the kernel, which are the whole machine's, while
// this project builds or tests, and then restores them.
package kernel

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// Setting is a setting, and what it was before.
type Setting struct {
	Name   string
	file   string // of the kernel
	value  string // to set: a word, or a number that is the least
	record string // holds what it was, and the process that changed it

	mutex   sync.Mutex
	changed bool
}

// HugePages gives all programs huge pages. If only programs that ask get them, which the
// compiler does not, half of a build's time goes into page faults.
func HugePages() *Setting {
	return &Setting{
		Name: "transparent huge pages", value: "always",
		file: "/sys/kernel/mm/transparent_hugepage/enabled", record: "/run/hello-world-hugepages",
	}
}

// Inotify allows as many inotify instances as the nodes of three clusters take. A control
// plane takes 28 and a worker 14, and Debian allows 128: the rest would never get ready.
func Inotify() *Setting {
	return &Setting{
		Name: "inotify instances of a user", value: "512",
		file: "/proc/sys/fs/inotify/max_user_instances", record: "/run/hello-world-inotify",
	}
}

// Use changes the setting, and returns what to say about it; "" if there was nothing to change.
func (s *Setting) Use() (said string, err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.changed {
		return "", nil
	}
	before, err := s.read()
	if err != nil || s.suffices(before) {
		return "", err
	}
	// Write the record first: whatever happens then, the next run can restore the setting.
	if err := os.WriteFile(s.record, fmt.Appendf(nil, "%s %d\n", before, os.Getpid()), 0o644); err != nil {
		return "", err
	}
	if err := os.WriteFile(s.file, []byte(s.value), 0o644); err != nil {
		return "", errors.Join(err, os.Remove(s.record))
	}
	s.changed = true
	return fmt.Sprintf("%s: %s until this is done, %s after that", s.Name, s.value, before), nil
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

// read returns what the setting is now: of several words, the one in brackets.
func (s *Setting) read() (string, error) {
	text, err := os.ReadFile(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		return s.value, nil // this kernel does not know it
	}
	if err != nil {
		return "", err
	}
	now := strings.TrimSpace(string(text))
	if _, after, several := strings.Cut(now, "["); several {
		now, _, _ = strings.Cut(after, "]")
	}
	return now, nil
}

func (s *Setting) suffices(now string) bool {
	least, err := strconv.Atoi(s.value)
	if err != nil {
		return now == s.value
	}
	have, err := strconv.Atoi(now)
	return err == nil && have >= least
}
