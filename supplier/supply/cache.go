package supply

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// CacheDir returns the folder for what was downloaded or built: hello-world in HELLO_WORLD_CACHE, or else in the user's cache
// folder. `make clean` removes it, so it must be a folder of ours.
func CacheDir() (string, error) {
	dir := os.Getenv("HELLO_WORLD_CACHE")
	if dir == "" {
		var err error
		if dir, err = os.UserCacheDir(); err != nil {
			return "", fmt.Errorf("%w: set HOME, or set HELLO_WORLD_CACHE to a folder for the cache", err)
		}
	}
	return filepath.Abs(filepath.Join(dir, "hello-world"))
}

// Cache keeps what was downloaded or built outside the checkout, so that a fresh clone on the same machine can use it.
type Cache struct {
	// Dir is the cache's folder, for example ~/.cache/hello-world.
	Dir string
}

// Entry is the folder of one artefact in the cache. It exists only if it is complete.
type Entry struct {
	path string
}

// Entry returns the entry for name. Its key covers everything that its content depends
// on: the pins (versions, go.sum files, flags) and the platform.
func (c Cache) Entry(name string, pins ...string) Entry {
	hash := sha256.New()
	for _, pin := range append(pins, runtime.Version(), runtime.GOOS, runtime.GOARCH) {
		hash.Write([]byte(pin))
		hash.Write([]byte{0})
	}
	key := hex.EncodeToString(hash.Sum(nil))[:12]
	return Entry{path: filepath.Join(c.Dir, name+"-"+key)}
}

// Path returns the path of a file in the entry.
func (e Entry) Path(file string) string { return filepath.Join(e.path, file) }

// Present reports whether the entry is there.
func (e Entry) Present() (bool, error) {
	_, err := os.Stat(e.path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Fill calls fill to write the entry's files into a scratch folder, and publishes them together when that has succeeded. So an
// interrupted step leaves no half-made entry; the next one removes what a killed one left.
func (e Entry) Fill(fill func(scratch string) error) error {
	cache, err := enter(filepath.Dir(e.path))
	if err != nil {
		return err
	}
	defer cache.Close()
	scratch, err := os.MkdirTemp(cache.Name(), scratchPrefix)
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if err := fill(scratch); err != nil {
		return err
	}
	if err := os.Chmod(scratch, 0o755); err != nil {
		return err
	}
	err = os.Rename(scratch, e.path)
	if errors.Is(err, fs.ErrExist) {
		return nil // another run with the same pins was faster
	}
	return err
}

const scratchPrefix = ".partial-"

// enter opens the cache's folder for work there, until it is closed or the process ends.
// If no other process is at work, it removes scratch folders that are left there.
func enter(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	cache, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if syscall.Flock(int(cache.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		left, _ := filepath.Glob(filepath.Join(dir, scratchPrefix+"*"))
		for _, scratch := range left {
			err = errors.Join(err, os.RemoveAll(scratch))
		}
	}
	if err = errors.Join(err, syscall.Flock(int(cache.Fd()), syscall.LOCK_SH)); err != nil {
		cache.Close()
		return nil, err
	}
	return cache, nil
}
