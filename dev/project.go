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

// project is a folder with the project, and the stack that its changes go to.
type project struct {
	folder string
	stack  string
}

// sources are the files and folders, relative to the project's, from which a stack is made.
func (p project) sources() []string {
	return []string{
		"app", "infra", "Dockerfile", ".dockerignore", "go.mod", "go.sum", "Pulumi.yaml", "Pulumi." + p.stack + ".yaml",
	}
}

// snapshot is the contents of the sources: a hash of each file by its name.
type snapshot map[string][sha256.Size]byte

// snapshot reads the sources. Comparing contents rather than believing what the system notifies of makes one change of
// what an editor does in many steps, and none of what leaves everything as it was.
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

// walk visits the sources that are there, without what editors keep beside the files that they edit and without tests.
func (p project) walk(visit func(name string, entry fs.DirEntry) error) error {
	for _, source := range p.sources() {
		err := filepath.WalkDir(filepath.Join(p.folder, source), func(path string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // not there, or not any more
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

// isSource reports whether the file at path is one that walk would visit.
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

// changes are the names of the files that differ between two snapshots, sorted.
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
