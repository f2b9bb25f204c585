package dev

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
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

// snapshot holds the source files as they are at some moment, by name.
type snapshot map[string]source

type source struct {
	saved, size int64 // tell whether someone has saved it since
	sum         [sha256.Size]byte
}

// snapshot looks at the sources, but not at tests, nor at the files that editors keep beside those that they edit. It reads
// only what was saved since the last snapshot.
func (p project) snapshot(last snapshot) (snapshot, error) {
	now := snapshot{}
	for _, top := range p.sources() {
		err := filepath.WalkDir(filepath.Join(p.folder, top), func(path string, entry fs.DirEntry, err error) error {
			name, _ := filepath.Rel(p.folder, path)
			switch {
			case err != nil:
			case name != top && leftOut(entry.Name()):
				if entry.IsDir() {
					return fs.SkipDir
				}
			case entry.Type().IsRegular():
				now[name], err = look(path, entry, last[name])
			}
			if errors.Is(err, fs.ErrNotExist) { // never there, or removed meanwhile
				delete(now, name)
				return nil
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return now, nil
}

func leftOut(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") || strings.HasSuffix(name, "_test.go")
}

func look(path string, entry fs.DirEntry, last source) (source, error) {
	info, err := entry.Info()
	if err != nil || info.ModTime().UnixNano() == last.saved && info.Size() == last.size {
		return last, err
	}
	text, err := os.ReadFile(path)
	return source{info.ModTime().UnixNano(), info.Size(), sha256.Sum256(text)}, err
}

// pause is the time between two snapshots. They take a third of a millisecond each, and need none of the system's watchers,
// which clusters use up.
const pause = 50 * time.Millisecond

// awaitSave waits until someone has saved sources and then, for as long as a pause, nothing more: an editor or git takes
// several steps. It returns when that began.
func (p project) awaitSave(ctx context.Context, seen snapshot) (now snapshot, began time.Time, err error) {
	for now = seen; ctx.Err() == nil; time.Sleep(pause) {
		last := now
		if now, err = p.snapshot(last); err != nil {
			return nil, began, err
		}
		switch same := maps.Equal(now, last); {
		case same && !began.IsZero():
			return now, began, nil
		case !same && began.IsZero():
			began = time.Now()
		}
	}
	return now, began, nil
}

// changes returns the names of the files that differ between two snapshots, sorted.
func changes(old, new snapshot) (names []string) {
	for name, file := range new {
		if was, ok := old[name]; !ok || was.sum != file.sum {
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
