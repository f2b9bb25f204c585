package imagebuild

import (
	"archive/tar"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// Files of Go modules are read-only, and this user's files belong to this user: in an image they must be neither.
func TestTarHasModesAndOwnersOfAnImage(t *testing.T) {
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{"command": 0o555, "config": 0o400} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), mode); err != nil {
			t.Fatal(err)
		}
	}
	var archive bytes.Buffer
	err := writeTar(&archive, map[string]string{
		"/usr/bin/x":  filepath.Join(dir, "command"),
		"/etc/x.conf": filepath.Join(dir, "config"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{"usr/bin/x": 0o755, "etc/x.conf": 0o644}
	entries := tar.NewReader(&archive)
	for {
		header, err := entries.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.Mode != want[header.Name] || header.Uid != 0 || header.Gid != 0 {
			t.Errorf("%s has mode %o and belongs to %d:%d", header.Name, header.Mode, header.Uid, header.Gid)
		}
		delete(want, header.Name)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}

func TestAddFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "etc/systemd"), 0o755); err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(dir, "etc/systemd/kubelet.service")
	if err := os.WriteFile(unit, nil, 0o444); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	if err := addFolder(files, dir); err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 || files["/etc/systemd/kubelet.service"] != unit {
		t.Errorf("files are %v", files)
	}
}
