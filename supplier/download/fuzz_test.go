package download

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever an archive holds, it writes the files that were asked for, and no other.
func FuzzUnpack(f *testing.F) {
	for _, name := range []string{"tool", "../tool", "/etc/tool", "a/b/tool", "other"} {
		var archive bytes.Buffer
		zipped := gzip.NewWriter(&archive)
		entries := tar.NewWriter(zipped)
		for _, header := range []tar.Header{
			{Name: name, Typeflag: tar.TypeReg, Size: 4}, {Name: "tool", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"},
		} {
			if err := entries.WriteHeader(&header); err != nil {
				f.Fatal(err)
			}
			if header.Size > 0 {
				_, _ = entries.Write([]byte("text"))
			}
		}
		if entries.Close() != nil || zipped.Close() != nil {
			f.Fatal("the seed is no archive")
		}
		f.Add(archive.Bytes())
	}
	f.Fuzz(func(t *testing.T, contents []byte) {
		folder := t.TempDir()
		archive, to := filepath.Join(folder, "archive"), filepath.Join(folder, "to")
		if err := os.WriteFile(archive, contents, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(to, 0o700); err != nil {
			t.Fatal(err)
		}
		err := Unpack(archive, to, "tool")
		for within, most := range map[string]int{folder: 2, to: 1} {
			files, _ := os.ReadDir(within)
			if len(files) > most {
				t.Errorf("%s has %v", within, files)
			}
		}
		info, failed := os.Lstat(filepath.Join(to, "tool"))
		if err == nil && (failed != nil || !info.Mode().IsRegular()) {
			t.Errorf("it unpacks %v, error %v", info, failed)
		}
	})
}

// Whatever a list of checksums holds, only one that is in it comes out of it.
func FuzzSumOf(f *testing.F) {
	f.Add("tool", strings.Repeat("a", 64)+"  tool\n")
	f.Add("tool", strings.Repeat("B", 40)+" *./tool\r\n\n")
	f.Add("tool", strings.Repeat("c", 128))
	f.Add("", " \t\n")
	f.Fuzz(func(t *testing.T, name, list string) {
		sum, err := sumOf(name, list)
		if err != nil {
			return
		}
		if !strings.Contains(strings.ToLower(list), sum) || sum == "" {
			t.Errorf("%q has the checksum %q", list, sum)
		}
		if hash, err := newHash(sum); err == nil && 2*hash.Size() != len(sum) {
			t.Errorf("%q is taken for a hash of %d bytes", sum, hash.Size())
		}
	})
}
