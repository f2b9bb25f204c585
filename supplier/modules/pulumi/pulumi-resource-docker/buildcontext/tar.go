package buildcontext

import (
	"archive/tar"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Dockerfile returns the name of the Dockerfile in the archive. If it lies outside
// the context, that is a name that no file of the context should have.
func (c *Context) Dockerfile() string {
	name := Relative(c.dir, c.dockerfile)
	if strings.HasPrefix(name, "../") {
		return ".Dockerfile.from-outside-the-context"
	}
	return name
}

// WriteTar writes the context as an archive. All files belong to root, so that
// it makes no difference who builds.
//
// The Dockerfile and the .dockerignore are included even if ignored: the builder
// needs the first, and the official plugin sends both, so that COPY copies the
// same.
func (c *Context) WriteTar(w io.Writer) error {
	archive := tar.NewWriter(w)
	missing := map[string]string{
		".dockerignore": filepath.Join(c.dir, ".dockerignore"),
		c.Dockerfile():  c.dockerfile,
	}
	err := c.walk(func(name string, info fs.FileInfo) error {
		delete(missing, name)
		return addFile(archive, name, filepath.Join(c.dir, name), info)
	})
	if err != nil {
		return err
	}
	for name, file := range missing {
		info, err := os.Stat(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := addFile(archive, name, file, info); err != nil {
			return err
		}
	}
	return archive.Close()
}

func addFile(archive *tar.Writer, name, file string, info fs.FileInfo) error {
	var link string
	if info.Mode().Type() == fs.ModeSymlink {
		var err error
		if link, err = os.Readlink(file); err != nil {
			return err
		}
	}
	header, err := tar.FileInfoHeader(info, link)
	if err != nil {
		return err
	}
	header.Name = name
	if info.IsDir() {
		header.Name += "/"
	}
	header.Uid, header.Gid, header.Uname, header.Gname = 0, 0, "", ""
	if err := archive.WriteHeader(header); err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return nil
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(archive, f)
	return err
}
