package imagebuild

import (
	"archive/tar"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"

	"example.com/hello-world/supplier/bare/gobuild"
	"example.com/hello-world/supplier/images"
)

// command is an image of one static binary and nothing else.
type command struct {
	module gobuild.Module
	build  gobuild.Build
	binary string // as go build calls it
	as     string // its path in the image
	args   []string
	expose string
	files  map[string]string // further files by their path in the image
}

// recipe returns how to make the command's image. It includes the machine's certificate
// authorities, to reach other services over TLS.
func (c command) recipe(name string, typicalTime time.Duration) (images.Recipe, error) {
	pins, err := c.module.Pins(".")
	if err != nil {
		return images.Recipe{}, err
	}
	for _, file := range c.files {
		text, err := os.ReadFile(file)
		if err != nil {
			return images.Recipe{}, err
		}
		pins += string(text)
	}
	pins = hash(pins, fmt.Sprint(c.build, c.as, c.args, c.expose))
	return images.Recipe{
		Pins: pins, TypicalTime: typicalTime,
		Build: func(ctx context.Context, log io.Writer) error {
			dir, err := os.MkdirTemp("", "image-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(dir)
			c.build.Linux = true
			if err := c.module.Run(ctx, log, dir, c.build); err != nil {
				return err
			}
			entrypoint, err := json.Marshal(append([]string{c.as}, c.args...))
			if err != nil {
				return err
			}
			files := map[string]string{c.as: filepath.Join(dir, c.binary), certificates: certificates}
			maps.Copy(files, c.files)
			return importFiles(ctx, log, name, files, "LABEL "+images.LabelPins+"="+pins,
				"ENTRYPOINT "+string(entrypoint), "EXPOSE "+c.expose)
		},
	}, nil
}

// certificates is where Debian, and Go after it, look for certificate authorities.
const certificates = "/etc/ssl/certs/ca-certificates.crt"

// importFiles makes an image of files, each given by its path in the image, with changes
// to its configuration (instructions of a Dockerfile).
func importFiles(ctx context.Context, log io.Writer, name string, files map[string]string, changes ...string) error {
	args := append([]string{"import"}, changeFlags(changes)...)
	return dockerTar(ctx, log, files, append(args, "-", name)...)
}

// writeTar writes files to w, each given by its path in the archive. All belong to root. Executables stay executable; their
// other permissions are set, because files of Go modules are read-only.
func writeTar(w io.Writer, files map[string]string) error {
	archive := tar.NewWriter(w)
	for name, file := range files {
		if err := writeTarFile(archive, name, file); err != nil {
			return err
		}
	}
	return archive.Close()
}

func writeTarFile(archive *tar.Writer, name, file string) error {
	content, err := os.Open(file)
	if err != nil {
		return err
	}
	defer content.Close()
	info, err := content.Stat()
	if err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if info.Mode()&0o111 != 0 {
		mode = 0o755
	}
	header := &tar.Header{Name: name[1:], Mode: int64(mode), Size: info.Size(), ModTime: info.ModTime()}
	if err := archive.WriteHeader(header); err != nil {
		return err
	}
	_, err = io.Copy(archive, content)
	return err
}
