package gobuild

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// Replacement replaces files of a required module with ours, to leave out what they import.
type Replacement struct {
	// Module is the required module's path.
	Module string
	// With is the folder of our files, if any, below the requiring module. Each is named
	// like the file in Module that it replaces, with .txt at the end.
	With string
	// Without are further files of Module to leave out, by their path in it.
	Without []string
}

// replaced copies the required modules to scratch, with their files replaced, and writes
// a go.mod and a go.sum there with which m uses the copies.
func (m Module) replaced(ctx context.Context, log io.Writer, scratch string, replacements []Replacement) (modFile string, err error) {
	parsed, err := m.Parse()
	if err != nil {
		return "", err
	}
	for _, r := range replacements {
		copied := filepath.Join(scratch, r.Module)
		if err := m.copyReplaced(ctx, log, copied, r); err != nil {
			return "", err
		}
		if err := parsed.AddReplace(r.Module, "", copied, ""); err != nil {
			return "", err
		}
	}
	modFile = filepath.Join(scratch, "go.mod")
	return modFile, m.writeModFile(modFile, parsed)
}

// copyReplaced copies the module of r to the folder to, with its files replaced.
func (m Module) copyReplaced(ctx context.Context, log io.Writer, to string, r Replacement) error {
	source, err := m.Source(ctx, log, r.Module)
	if err != nil {
		return err
	}
	if err := os.CopyFS(to, os.DirFS(source)); err != nil {
		return err
	}
	for _, file := range r.Without {
		if err := os.Remove(filepath.Join(to, file)); err != nil {
			return err
		}
	}
	if r.With == "" {
		return nil
	}
	ours := os.DirFS(filepath.Join(m.Dir, r.With))
	return fs.WalkDir(ours, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(ours, file)
		if err != nil {
			return err
		}
		// The file to replace must be there: a newer version may have moved it.
		replaced := filepath.Join(to, strings.TrimSuffix(file, ".txt"))
		if err := os.Remove(replaced); err != nil {
			return err
		}
		return os.WriteFile(replaced, text, 0o644)
	})
}

// writeModFile writes file, and the go.sum of m beside it.
func (m Module) writeModFile(name string, file *modfile.File) error {
	text, err := file.Format()
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(m.Dir, "go.sum"))
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(name, text, 0o644),
		os.WriteFile(filepath.Join(filepath.Dir(name), "go.sum"), sums, 0o644),
	)
}
