package download

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/supplier/supply"
)

const content = "what the publisher published"

func sum256(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

var (
	// eager tries again at once.
	eager = Downloader{Stall: time.Minute, Pause: time.Millisecond}

	// impatient also gives up soon on a publisher that says nothing.
	impatient = Downloader{Stall: 200 * time.Millisecond, Pause: time.Millisecond}
)

func silent(string) {}

// site stands in for a publisher: it serves files by path.
func site(t *testing.T, files map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if truncated, ok := strings.CutPrefix(text, "TRUNCATED"); ok {
			w.Header().Set("Content-Length", fmt.Sprint(len(truncated)+1))
			text = truncated
		}
		w.Write([]byte(text))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestFileIsCheckedAgainstThePublishedSum(t *testing.T) {
	sha1Sum, sha512Sum := sha1.Sum([]byte(content)), sha512.Sum512([]byte(content))
	for name, sums := range map[string]string{
		"a list with two spaces": "00 ignored\n" + sum256(content) + "  tool.tar.gz\n",
		"a list with ./":         hex.EncodeToString(sha1Sum[:]) + "  ./tool.tar.gz\n",
		"a list in binary mode":  sum256(content) + " *tool.tar.gz\n",
		"a sum alone":            sum256(content),
		"in capitals":            strings.ToUpper(sum256(content)) + "  tool.tar.gz\n",
		"SHA-512":                hex.EncodeToString(sha512Sum[:]) + "  tool.tar.gz\n",
	} {
		t.Run(name, func(t *testing.T) {
			base := site(t, map[string]string{"/tool.tar.gz": content, "/sums": sums})
			to := filepath.Join(t.TempDir(), "file")
			if err := eager.File(t.Context(), base+"/tool.tar.gz", base+"/sums", to, silent); err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(to); err != nil || string(got) != content {
				t.Errorf("the file holds %q, error %v", got, err)
			}
		})
	}
}

func TestFileRefusesWhatIsNotWhatWasPublished(t *testing.T) {
	good := sum256(content) + "  tool\n"
	for name, test := range map[string]struct {
		files map[string]string
		says  string
	}{
		"another file":       {map[string]string{"/tool": "something else", "/sums": good}, "refused"},
		"a truncated file":   {map[string]string{"/tool": "TRUNCATED" + content, "/sums": good}, "ended early"},
		"a cut-off file":     {map[string]string{"/tool": content[:5], "/sums": good}, "refused"},
		"a list without it":  {map[string]string{"/tool": content, "/sums": sum256(content) + "  other\n"}, "no checksum for tool"},
		"an empty list":      {map[string]string{"/tool": content, "/sums": ""}, "no checksum for tool"},
		"a list of nonsense": {map[string]string{"/tool": content, "/sums": "abc  tool\n"}, "abc"},
		"a truncated list":   {map[string]string{"/tool": content, "/sums": "TRUNCATED" + good}, "ended early"},
	} {
		t.Run(name, func(t *testing.T) {
			base := site(t, test.files)
			to := filepath.Join(t.TempDir(), "file")
			err := eager.File(t.Context(), base+"/tool", base+"/sums", to, silent)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("the error is %v, want one that says %q", err, test.says)
			}
			if supply.LeadsOn(err) {
				t.Errorf("%v leads on to building: it must stop the supply", err)
			}
			if _, err := os.Stat(to); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("what was refused was left behind: %v", err)
			}
		})
	}
}

// The SHA-256 comes from the list, or, where that has another kind of checksum, from a file that is as the list says.
func TestSHA256(t *testing.T) {
	sha1Sum, otherSHA1 := sha1.Sum([]byte(content)), sha1.Sum([]byte("another"))
	for name, test := range map[string]struct {
		files      map[string]string
		want, says string
	}{
		"a list with SHA-256":      {map[string]string{"/sums": sum256(content) + "  tool\n"}, sum256(content), ""},
		"a list with SHA-1":        {map[string]string{"/tool": content, "/sums": hex.EncodeToString(sha1Sum[:]) + "  tool\n"}, sum256(content), ""},
		"SHA-1 of another file":    {map[string]string{"/tool": content, "/sums": hex.EncodeToString(otherSHA1[:]) + "  tool\n"}, "", "refused"},
		"SHA-1, and a file cut":    {map[string]string{"/tool": "TRUNCATED" + content, "/sums": hex.EncodeToString(sha1Sum[:]) + "  tool\n"}, "", "ended early"},
		"a list cut between lines": {map[string]string{"/sums": sum256(content) + "  other\n"}, "", "no checksum for tool"},
		"a list cut in a line":     {map[string]string{"/sums": sum256(content)[:40]}, "", "not there"},
		"a list that breaks off":   {map[string]string{"/sums": "TRUNCATED" + sum256(content) + "  tool\n"}, "", "ended early"},
		"what is no checksum":      {map[string]string{"/sums": strings.Repeat("x", 64) + "  tool\n"}, "", "is not a SHA-1"},
	} {
		base := site(t, test.files)
		got, err := eager.SHA256(t.Context(), base+"/tool", base+"/sums")
		if (err != nil) != (test.says != "") || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: the error is %v, want %q", name, err, test.says)
		}
		if err == nil && got != test.want {
			t.Errorf("%s: it is %s, want %s", name, got, test.want)
		}
	}
}

func TestFileThatCannotBeHadLeadsToBuilding(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	withoutFile := site(t, map[string]string{"/sums": sum256(content) + "  tool\n"})
	withoutSums := site(t, map[string]string{"/tool": content})
	for name, test := range map[string]struct {
		base string
		want error
	}{
		"no such host":     {"http://publisher.invalid", supply.ErrNoRoute},
		"no server":        {gone.URL, supply.ErrNoRoute},
		"no such file":     {withoutFile, supply.ErrNotThere},
		"no such sum list": {withoutSums, supply.ErrNotThere},
	} {
		t.Run(name, func(t *testing.T) {
			err := eager.File(t.Context(), test.base+"/tool", test.base+"/sums", filepath.Join(t.TempDir(), "file"), silent)
			if !errors.Is(err, test.want) {
				t.Errorf("the error is %v, want %v", err, test.want)
			}
		})
	}
}

func TestUnpack(t *testing.T) {
	var archive bytes.Buffer
	zipped := gzip.NewWriter(&archive)
	entries := tar.NewWriter(zipped)
	for _, name := range []string{"pulumi/README.md", "pulumi/pulumi", "pulumi/pulumi-language-go"} {
		entries.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(name)), Typeflag: tar.TypeReg})
		entries.Write([]byte(name))
	}
	entries.Close()
	zipped.Close()
	to := t.TempDir()
	file := filepath.Join(to, "archive.tar.gz")
	if err := os.WriteFile(file, archive.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}

	if err := Unpack(file, to, "pulumi", "pulumi-language-go"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"pulumi", "pulumi-language-go"} {
		got, err := os.ReadFile(filepath.Join(to, name))
		if err != nil || string(got) != "pulumi/"+name {
			t.Errorf("%s holds %q, error %v", name, got, err)
		}
		if info, err := os.Stat(filepath.Join(to, name)); err != nil || info.Mode()&0o111 == 0 {
			t.Errorf("%s is not executable: %v, error %v", name, info.Mode(), err)
		}
	}
	if _, err := os.Stat(filepath.Join(to, "README.md")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that was not asked for was unpacked: %v", err)
	}
	if err := Unpack(file, to, "kind"); err == nil || !strings.Contains(err.Error(), "kind") {
		t.Errorf("an archive without the command: error %v", err)
	}
	if err := os.Truncate(file, int64(archive.Len()/2)); err != nil {
		t.Fatal(err)
	}
	if err := Unpack(file, to, "pulumi-language-go"); err == nil {
		t.Error("a truncated archive was accepted")
	}
}
