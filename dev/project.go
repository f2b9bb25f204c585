package main

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// project is the project's folder, and the stack that its changes go to.
type project struct {
	folder string
	stack  string
}

// sources returns the files and folders that a stack is made from, relative to the project's folder.
func (p project) sources() []string {
	return []string{
		"app", "infra", "Dockerfile", ".dockerignore", "go.mod", "go.sum", "Pulumi.yaml", "Pulumi." + p.stack + ".yaml",
	}
}

// snapshot holds a hash of each source file by its name.
type snapshot map[string][sha256.Size]byte

// snapshot reads the sources. Notifications are not enough: an editor saves in many steps, which are one change, and may
// save what was there before, which is none.
func (p project) snapshot() (snapshot, error) {
	contents := snapshot{}
	err := p.walk(func(name string, entry fs.DirEntry) error {
		if !entry.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(filepath.Join(p.folder, name))
		if err == nil {
			contents[name] = sha256.Sum256(text)
		}
		return err
	})
	return contents, err
}

// walk visits the sources that exist, but not tests, nor the files that editors keep beside those that they edit.
func (p project) walk(visit func(name string, entry fs.DirEntry) error) error {
	for _, source := range p.sources() {
		err := filepath.WalkDir(filepath.Join(p.folder, source), func(path string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // never there, or removed meanwhile
			}
			if err != nil {
				return err
			}
			name, err := filepath.Rel(p.folder, path)
			if err != nil {
				return err
			}
			if name != source && leftOut(entry.Name()) {
				if entry.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			if err := visit(name, entry); !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// isSource reports whether walk would visit the file at path.
func (p project) isSource(path string) bool {
	name, err := filepath.Rel(p.folder, path)
	if err != nil {
		return false
	}
	if slices.Contains(p.sources(), name) {
		return true
	}
	top, _, _ := strings.Cut(name, string(filepath.Separator))
	return slices.Contains(p.sources(), top) && !leftOut(filepath.Base(name))
}

func leftOut(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") || strings.HasSuffix(name, "_test.go")
}

// changes returns the names of the files that differ between two snapshots, sorted.
func changes(old, new snapshot) (names []string) {
	for name, contents := range new {
		if was, ok := old[name]; !ok || was != contents {
			names = append(names, name)
		}
	}
	for name := range old {
		if _, ok := new[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
