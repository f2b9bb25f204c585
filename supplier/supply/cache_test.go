package supply

import (
	"path/filepath"
	"testing"
)

// `make clean` removes the cache's folder, so it is always one of its own.
func TestCacheIsAFolderOfItsOwn(t *testing.T) {
	anyFolder := t.TempDir()
	t.Setenv("HELLO_WORLD_CACHE", anyFolder)
	if dir, err := CacheDir(); err != nil || filepath.Dir(dir) != anyFolder {
		t.Errorf("in %s it is %s, error %v", anyFolder, dir, err)
	}
}
