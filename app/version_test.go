package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestVersion(t *testing.T) {
	file := filepath.Join(t.TempDir(), "server")
	if err := os.WriteFile(file, []byte("hello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := versionOf(file, nil); got != "5891b5b522d5" { // of sha256sum
		t.Errorf("the version is %s", got)
	}
	for _, got := range []string{versionOf(file, errors.New("no name")), versionOf(file+"s", nil)} {
		if got != "unknown" {
			t.Errorf("without a file the version is %s", got)
		}
	}
}
