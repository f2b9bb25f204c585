package main

import (
	"os"
	"path/filepath"
	"testing"

	"gocloud.dev/blob/memblob"
)

// The history of the one stack is copied, and nothing else.
func TestCopyAll(t *testing.T) {
	bucket := memblob.OpenBucket(nil)
	defer bucket.Close()
	const of = ".pulumi/history/hello-world/prod/"
	for _, key := range []string{of + "prod-1.history.json", of + "prod-1.checkpoint.json", ".pulumi/history/hello-world/prod-eu/x", ".pulumi/stacks/prod.json"} {
		if err := bucket.WriteAll(t.Context(), key, []byte("text of "+key), nil); err != nil {
			t.Fatal(err)
		}
	}
	folder := t.TempDir()
	if err := copyAll(t.Context(), bucket, of, folder); err != nil {
		t.Fatal(err)
	}
	copied, err := filepath.Glob(filepath.Join(folder, ".pulumi/*/*/*/*"))
	if err != nil || len(copied) != 2 {
		t.Errorf("there are %q, error %v, want two files", copied, err)
	}
	if text, err := os.ReadFile(filepath.Join(folder, of, "prod-1.history.json")); string(text) != "text of "+of+"prod-1.history.json" {
		t.Errorf("it says %q, error %v", text, err)
	}
}
