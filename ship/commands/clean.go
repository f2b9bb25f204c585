package commands

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"example.com/hello-world/ship/docker"
	"example.com/hello-world/supplier/supply"
)

func clean() *cobra.Command {
	return command("clean", "List and remove what was made here, except the stacks' states",
		`It removes what this project has made on this machine. What was downloaded under a public name stays, and so does any image in use. HELLO_WORLD_CACHE is where the cache is.`,
		func(cmd *cobra.Command, s session) error {
			cache, err := supply.CacheDir()
			if err != nil {
				return err
			}
			for _, folder := range []string{s.Path("bin"), s.Path(".pulumi-home", "plugins"), cache} {
				size, there := sizeOf(folder)
				if !there {
					continue
				}
				if err := remove(folder); err != nil {
					return err
				}
				if inside, err := filepath.Rel(s.Root, folder); err == nil && filepath.IsLocal(inside) {
					folder = inside
				}
				s.Say("%s: %s, removed", folder, size)
			}
			for _, i := range built(cmd.Context()) {
				if _, err := docker.Run(cmd.Context(), "rmi", i.name); err == nil {
					s.Say("image %s: %s, removed", i.name, i.size)
				} else {
					s.Say("image %s: %s, stays, because it is in use", i.name, i.size)
				}
			}
			return nil
		})
}

// tellKept says how much `ship clean` would remove.
func (s session) tellKept(ctx context.Context) error {
	cache, err := supply.CacheDir()
	if err == nil {
		size, _ := sizeOf(cache)
		s.Say("kept for the next time: %s in %s, and %d images that were built; 'make clean' removes them", size, cache, len(built(ctx)))
	}
	return err
}

type image struct{ name, size string }

// built returns the images that were built, not downloaded; none without an engine.
func built(ctx context.Context) (images []image) {
	for _, label := range []string{"hello-world.pins", "hello-world.project"} {
		out, _ := docker.Run(ctx, "images", "--filter", "label="+label, "--format", "{{.ID}} {{.Repository}}:{{.Tag}} {{.Size}}")
		for line := range strings.Lines(out) {
			var id, name, size string
			if n, _ := fmt.Sscan(line, &id, &name, &size); n < 3 {
				continue
			}
			if strings.Contains(name, "<none>") {
				name = id
			}
			images = append(images, image{name, size})
		}
	}
	return images
}

// sizeOf returns how much a folder has, in words.
func sizeOf(folder string) (size string, there bool) {
	said, err := exec.Command("du", "-sh", folder).Output()
	size, _, _ = strings.Cut(string(said), "\t")
	return size, err == nil
}

// remove removes a folder, also what is read-only in it, as Go's modules are.
func remove(folder string) error {
	_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			return os.Chmod(path, 0o755)
		}
		return nil
	})
	return os.RemoveAll(folder)
}
