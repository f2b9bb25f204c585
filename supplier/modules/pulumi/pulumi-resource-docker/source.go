package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/moby/buildkit/session/filesync"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

// source is what an image is built from.
type source struct {
	dir        string // the build context
	dockerfile string // may lie outside it
}

// folders are what BuildKit may fetch from: it asks for the files that it needs and does not have from the last time, and
// applies the .dockerignore itself. All files belong to root, so that it makes no difference who builds.
func (s source) folders() (filesync.StaticDirSource, error) {
	asRoot := func(_ string, stat *types.Stat) fsutil.MapResult {
		stat.Uid, stat.Gid = 0, 0
		return fsutil.MapResultKeep
	}
	folders := filesync.StaticDirSource{}
	for name, dir := range map[string]string{"context": s.dir, "dockerfile": filepath.Dir(s.dockerfile)} {
		files, err := fsutil.NewFS(dir)
		if err == nil {
			folders[name], err = fsutil.NewFilterFS(files, &fsutil.FilterOpt{Map: asRoot})
		}
		if err != nil {
			return nil, err
		}
	}
	return folders, nil
}

// dockerfileFromContext returns the path of the Dockerfile as seen from the context.
func (s source) dockerfileFromContext() string {
	absDir, err := filepath.Abs(s.dir)
	absFile, fileErr := filepath.Abs(s.dockerfile)
	relative, relErr := filepath.Rel(absDir, absFile)
	if errors.Join(err, fileErr, relErr) != nil {
		// Only if the current directory has been removed.
		return filepath.ToSlash(s.dockerfile)
	}
	return filepath.ToSlash(relative)
}

// ignored returns the patterns of the ignore file that applies:
// <Dockerfile>.dockerignore, or else .dockerignore in the context.
func (s source) ignored() (patterns []string, err error) {
	for _, file := range []string{s.dockerfile + ".dockerignore", filepath.Join(s.dir, ".dockerignore")} {
		f, err := os.Open(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return ignorefile.ReadAll(f)
	}
	return nil, nil
}

// digest returns a hash of all that can make a difference to a build: the Dockerfile, and the name, mode and content of each
// file in the context. It is the hash that the official docker plugin records, so that a change from one plugin to the other
// does not rebuild an image.
func (s source) digest(ctx context.Context) (string, error) {
	patterns, err := s.ignored()
	if err != nil {
		return "", err
	}
	all, err := fsutil.NewFS(s.dir)
	if err != nil {
		return "", err
	}
	files, err := fsutil.NewFilterFS(all, &fsutil.FilterOpt{ExcludePatterns: patterns})
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	add := func(name string, mode fs.FileMode, content [sha256.Size]byte) {
		fmt.Fprintf(sum, "%s%s%s\x00", name, mode, content[:])
	}

	// Always under this name and mode: its own count only if it is also a file of the context.
	content, err := hashFile(s.dockerfile)
	if err != nil {
		return "", err
	}
	add("Dockerfile", 0, content)

	err = files.Walk(ctx, "", func(name string, entry fs.DirEntry, err error) error {
		file := filepath.Join(s.dir, name)
		switch {
		case err != nil:
			return err
		case entry.Type().IsRegular():
			content, err = hashFile(file)
		case entry.Type()&fs.ModeSymlink != 0:
			content, err = hashLink(file)
		default: // not in an image
			return nil
		}
		info, infoErr := entry.Info()
		if err := errors.Join(err, infoErr); err != nil {
			return errors.New(err.Error()) // for a file that is gone, fsutil would leave out the rest of its folder
		}
		add(filepath.ToSlash(name), info.Mode(), content)
		return nil
	})
	return hex.EncodeToString(sum.Sum(nil)), err
}

func hashFile(file string) (sum [sha256.Size]byte, err error) {
	f, err := os.Open(file)
	if err != nil {
		return sum, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum, err
	}
	return [sha256.Size]byte(h.Sum(nil)), nil
}

// hashLink hashes where a symbolic link leads, not what is there. The official
// plugin refuses a link to nothing, which a builder does not mind.
func hashLink(file string) (sum [sha256.Size]byte, err error) {
	target, err := filepath.EvalSymlinks(file)
	if errors.Is(err, fs.ErrNotExist) {
		target, err = os.Readlink(file)
	}
	return sha256.Sum256([]byte(filepath.ToSlash(target))), err
}
