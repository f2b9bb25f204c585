// Package tools lists the command line tools that the project runs, where they are published.
package tools

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"example.com/hello-world/supplier/checksums"
	"example.com/hello-world/supplier/download"
	"example.com/hello-world/supplier/supply"
)

// Tool is one published package of commands.
type Tool struct {
	// Name is the package's name, Version its version as published ("v1.2.3").
	Name, Version string
	// Commands are the files that end up in the bin folder.
	Commands []string
	// release says where the commands are published for a platform.
	release func(Platform) release
	// sum is the SHA-256 that the release for this machine must have; "" if the project does not say.
	sum string
	// recipe makes the same commands from source.
	recipe Recipe
	// entry is where they are kept.
	entry supply.Entry
}

// release is a file on a publisher's site.
type release struct {
	// url is an archive of the commands if it ends in .tar.gz, else the only command itself.
	url string
	// sums is the list of checksums with url's file in it.
	sums string
	// mirror is the environment variable that names the site, if it is not the publisher's.
	mirror string
}

// Recipe is how a tool is built where it cannot be downloaded.
type Recipe struct {
	// Pins are all that the result depends on, beside the version.
	Pins []string
	// TypicalTime is how long Build takes on two cores with cold caches.
	TypicalTime time.Duration
	// Build builds the tool's commands into the folder out.
	Build func(ctx context.Context, log io.Writer, out string) error
}

// Artefact returns the tool as something to supply.
func (t Tool) Artefact() supply.Artefact {
	return supply.Artefact{
		Name:        t.Name + " " + t.Version,
		TypicalTime: t.recipe.TypicalTime,
		Unpinned:    t.sum == "",
		Present:     func(context.Context) (bool, error) { return t.entry.Present() },
		Download: func(ctx context.Context, _ io.Writer, progress func(string)) error {
			return t.entry.Fill(func(scratch string) error { return t.download(ctx, scratch, progress) })
		},
		Build: func(ctx context.Context, log io.Writer) error {
			return t.entry.Fill(func(scratch string) error { return t.recipe.Build(ctx, log, scratch) })
		},
	}
}

// Link makes the tool's commands available in the project's folder: in bin, or, for a Pulumi plugin, where Pulumi itself would
// install it, in the home that `make env` sets. Pulumi also uses plugins on the PATH, but warns of each, twice per command.
func (t Tool) Link(project string) error {
	bin := filepath.Join(project, "bin")
	folder := bin
	plugin, isPlugin := strings.CutPrefix(t.Name, "pulumi-")
	if isPlugin {
		folder = filepath.Join(project, ".pulumi-home", "plugins", plugin+"-"+t.Version)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, command := range t.Commands {
		link := filepath.Join(folder, command)
		stale := []string{link}
		if isPlugin {
			stale = append(stale, filepath.Join(bin, command)) // where it used to be, and Pulumi looks first
		}
		for _, file := range stale {
			if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		if err := os.Symlink(t.entry.Path(command), link); err != nil {
			return err
		}
	}
	return nil
}

// Published returns the SHA-256 of the tool's release for a platform, as its publisher shows it.
func (t Tool) Published(ctx context.Context, on Platform) (string, error) {
	release := t.release(on)
	return download.Default.SHA256(ctx, release.url, release.sums)
}

func (t Tool) download(ctx context.Context, scratch string, progress func(string)) error {
	release := t.release(here)
	archived := path.Ext(release.url) == ".gz"
	file := filepath.Join(scratch, t.Commands[0])
	if archived {
		file = filepath.Join(scratch, "archive.tar.gz")
	}
	err := t.fetch(ctx, release, file, progress)
	if mirror := release.mirror; err != nil && mirror != "" {
		// The user named the mirror, so do not build instead.
		return fmt.Errorf("%s: %v: correct it, or unset it", mirror, err)
	}
	if err != nil {
		return err
	}
	if !archived {
		return os.Chmod(file, 0o755)
	}
	if err := download.Unpack(file, scratch, t.Commands...); err != nil {
		return err
	}
	return os.Remove(file)
}

// fetch downloads the release to a file, and checks it.
func (t Tool) fetch(ctx context.Context, release release, file string, progress func(string)) error {
	if t.sum == "" {
		return download.Default.File(ctx, release.url, release.sums, file, progress)
	}
	return download.Default.Pinned(ctx, release.url, download.Checksum{
		Sum: t.sum, From: checksums.File,
		Advice: "A proxy, a mirror or its publisher has changed it. If you know why and trust it, 'bin/ship tools pin --replace " + t.Name + "' takes it",
	}, file, progress)
}
