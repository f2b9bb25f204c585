// Package buildcontext is the directory that an image is built from: the files
// that the .dockerignore leaves in, their digest, and the archive of them for the
// builder.
package buildcontext

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// Context is a build context with its Dockerfile, which may lie outside.
type Context struct {
	dir        string
	dockerfile string
	ignore     *patternmatcher.PatternMatcher
}

// Open reads the ignore file that applies: <Dockerfile>.dockerignore, or else
// .dockerignore in dir.
func Open(dir, dockerfile string) (*Context, error) {
	var patterns []string
	for _, file := range []string{dockerfile + ".dockerignore", filepath.Join(dir, ".dockerignore")} {
		f, err := os.Open(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if patterns, err = ignorefile.ReadAll(f); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		break
	}
	ignore, err := patternmatcher.New(patterns)
	if err != nil {
		return nil, fmt.Errorf("ignore file: %w", err)
	}
	return &Context{dir, dockerfile, ignore}, nil
}

// Relative returns the path of the Dockerfile as seen from the context.
func Relative(dir, dockerfile string) string {
	absDir, err := filepath.Abs(dir)
	absFile, fileErr := filepath.Abs(dockerfile)
	relative, relErr := filepath.Rel(absDir, absFile)
	if errors.Join(err, fileErr, relErr) != nil {
		// Only if the current directory has been removed.
		return filepath.ToSlash(dockerfile)
	}
	return filepath.ToSlash(relative)
}

// walk visits what the ignore file leaves in, in lexical order. Names are relative
// to the context. Sockets, pipes and devices are never in it.
func (c *Context) walk(visit func(name string, info fs.FileInfo) error) error {
	root, err := filepath.EvalSymlinks(c.dir)
	if err != nil {
		return err
	}
	// How each directory matched decides, in part, how its contents do.
	matches := map[string]patternmatcher.MatchInfo{}
	return filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		name, relErr := filepath.Rel(root, file)
		if relErr != nil {
			return relErr
		}
		if name == "." {
			return err
		}
		ignored, match, matchErr := c.ignore.MatchesUsingParentResults(name, matches[filepath.Dir(name)])
		if matchErr != nil {
			return matchErr
		}
		if entry.IsDir() {
			matches[name] = match
		}
		if ignored {
			if entry.IsDir() && !c.holdsException(name) {
				return fs.SkipDir
			}
			return nil
		}
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		switch info.Mode().Type() {
		case 0, fs.ModeDir, fs.ModeSymlink:
			return visit(filepath.ToSlash(name), info)
		}
		return nil
	})
}

// holdsException reports whether a pattern with an exclamation mark may bring back
// something below an ignored directory. This saves a walk through large directories
// such as .git.
func (c *Context) holdsException(dir string) bool {
	const separator = string(filepath.Separator)
	for _, pattern := range c.ignore.Patterns() {
		if !pattern.Exclusion() {
			continue
		}
		literal, wild := pattern.String(), false
		if i := strings.IndexAny(literal, `*?[\^`); i >= 0 {
			literal, wild = literal[:i], true
		}
		if strings.HasPrefix(literal, dir+separator) || wild && strings.HasPrefix(dir+separator, literal) {
			return true
		}
	}
	return false
}
