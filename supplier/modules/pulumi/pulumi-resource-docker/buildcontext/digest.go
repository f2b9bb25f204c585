package buildcontext

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Digest returns a hash of all that can make a difference to a build: the
// Dockerfile, and the name, mode and content of each file in the context. It is the
// hash that the official docker plugin records, so that a change from one plugin to
// the other does not rebuild an image.
func (c *Context) Digest() (string, error) {
	sum := sha256.New()
	add := func(name string, mode fs.FileMode, content [sha256.Size]byte) {
		fmt.Fprintf(sum, "%s%s%s\x00", name, mode, content[:])
	}

	// Always under this name and mode: its own count only if it is also a file of
	// the context.
	content, err := hashFile(c.dockerfile)
	if err != nil {
		return "", err
	}
	add("Dockerfile", 0, content)

	err = c.walk(func(name string, info fs.FileInfo) error {
		file := filepath.Join(c.dir, name)
		switch info.Mode().Type() {
		case fs.ModeDir:
			return nil
		case fs.ModeSymlink:
			content, err = hashLink(file)
		default:
			content, err = hashFile(file)
		}
		if err != nil {
			return err
		}
		add(name, info.Mode(), content)
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
