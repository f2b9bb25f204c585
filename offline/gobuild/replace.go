package gobuild

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Replacement puts a file of ours in the place of one in a required module, to
// leave out what that one imports.
type Replacement struct {
	// Module is the required module's path.
	Module string
	// File is the file's path in it, With that of ours below the requiring module.
	File, With string
}

// replaced writes a go.mod for m, with its go.sum beside it, that uses a copy
// of the required module with the file replaced. Everything is in scratch.
func (m Module) replaced(ctx context.Context, log io.Writer, scratch string, r Replacement) (modFile string, err error) {
	source, err := m.Source(ctx, log, r.Module)
	if err != nil {
		return "", err
	}
	copied := filepath.Join(scratch, "module")
	if err := os.CopyFS(copied, os.DirFS(source)); err != nil {
		return "", err
	}
	ours, err := os.ReadFile(filepath.Join(m.Dir, r.With))
	if err != nil {
		return "", err
	}
	sums, err := os.ReadFile(filepath.Join(m.Dir, "go.sum"))
	if err != nil {
		return "", err
	}
	parsed, err := m.parse()
	if err != nil {
		return "", err
	}
	if err := parsed.AddReplace(r.Module, "", copied, ""); err != nil {
		return "", err
	}
	text, err := parsed.Format()
	if err != nil {
		return "", err
	}
	modFile = filepath.Join(scratch, "go.mod")
	return modFile, errors.Join(
		os.WriteFile(filepath.Join(copied, r.File), ours, 0o644),
		os.WriteFile(filepath.Join(scratch, "go.sum"), sums, 0o644),
		os.WriteFile(modFile, text, 0o644),
	)
}
