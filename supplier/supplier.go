// Package supplier supplies what the project runs on: the Docker Engine, the command line tools in a bin folder, and the
// container images, all under their public names. It uses what is already there, else downloads it, else builds it from Go
// modules and Debian packages; nothing downstream can tell the difference. A download has to be what checksums.txt says of it.
//
// Environment:
//
//	HELLO_WORLD_CACHE   where to keep the folder hello-world, which has what was
//	                    downloaded or built (default: the user's cache folder)
//	GITHUB_MIRROR       where to download releases from (default https://github.com)
//	KUBERNETES_MIRROR   where to download kubectl from (default https://dl.k8s.io)
//	IMAGE_MIRROR        the registry to pull images from (default docker.io)
//	TUNE_KERNEL         1 changes settings of the whole machine for a while: huge pages
//	                    for all programs, and for tests more inotify instances; 0
//	                    leaves them alone
//	                    (default: 1 as root if it starts the engine itself)
package supplier

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/hello-world/supplier/bare/engine"
	"example.com/hello-world/supplier/bare/imagebuild"
	"example.com/hello-world/supplier/bare/kernel"
	"example.com/hello-world/supplier/bare/toolbuild"
	"example.com/hello-world/supplier/checksums"
	"example.com/hello-world/supplier/docker"
	"example.com/hello-world/supplier/images"
	"example.com/hello-world/supplier/progress"
	"example.com/hello-world/supplier/supply"
	"example.com/hello-world/supplier/tools"
)

// Tuned runs a command, such as tests, with the kernel's settings that suit tests.
func Tuned(command string, args ...string) error {
	tuned := kernel.NewTuning(newSupplier(""), kernel.HugePages(), kernel.Inotify())
	defer tuned.End()
	tuned.Begin()
	test := exec.Command(command, args...) // gets the terminal's signals too
	test.Stdin, test.Stdout, test.Stderr = os.Stdin, os.Stdout, os.Stderr
	return test.Run()
}

// All supplies everything that the project in the folder root needs, with the database to develop against if it has one, and
// compiles its Pulumi program.
func All(ctx context.Context, root string, database bool) error {
	started := time.Now()
	sources, err := newSources(root)
	if err != nil {
		return err
	}
	sources.images.Database = database
	list, err := sources.tools.All()
	if err != nil {
		return err
	}
	supplied, err := sources.images.All()
	if err != nil {
		return err
	}
	var artefacts []supply.Artefact
	for _, tool := range list {
		artefacts = append(artefacts, tool.Artefact())
	}
	// Three lanes: tools compile while images are installed and assembled, and the program, whose packages are few and large,
	// compiles beside both. The other compilations take turns (gobuild).
	all := newLanes(sources.Supplier)
	defer all.tuned.End()
	running, ctx := errgroup.WithContext(ctx)
	running.Go(func() error {
		if err := all.lane(ctx, artefacts, 4); err != nil {
			return err
		}
		return link(list, root)
	})
	running.Go(func() error {
		if err := all.Supply(ctx, docker.Engine(engine.Installer(root))); err != nil {
			return err
		}
		missing, err := fetch(ctx, all.Supplier, supplied, 1)
		if err != nil {
			return err
		}
		all.allChecked()
		return all.build(ctx, missing)
	})
	running.Go(func() error { return all.lane(ctx, []supply.Artefact{tools.Program(root)}, 1) })
	if err := running.Wait(); err != nil {
		return err
	}
	sources.Say("%d tools and images: ready after %s", len(list)+1+len(supplied), progress.Span(time.Since(started)))
	return nil
}

// ForTests supplies what only tests need: the kind command, and images of a database and of a cluster that stands in for a cloud's.
func ForTests(ctx context.Context, root string) error {
	sources, err := newSources(root)
	if err != nil {
		return err
	}
	list, err := sources.tools.ForTests()
	if err != nil {
		return err
	}
	supplied, err := sources.images.ForTests()
	if err != nil {
		return err
	}
	for _, tool := range list {
		supplied = append(supplied, tool.Artefact())
	}
	missing, err := fetch(ctx, sources.Supplier, supplied, 1)
	if err == nil {
		err = build(ctx, sources.Supplier, missing)
	}
	if err != nil {
		return err
	}
	return link(list, root)
}

// link puts the tools into the project's folder.
func link(list []tools.Tool, root string) error {
	for _, tool := range list {
		if err := tool.Link(root); err != nil {
			return err
		}
	}
	return nil
}

// fetch downloads what is not there yet, atOnce at a time, and returns what has to be built. It fails if that cannot be built
// here. Fetch images one at a time: Docker downloads three layers at once, of all images together, and a layer that waits for
// its turn would look stalled.
func fetch(ctx context.Context, supplier *supply.Supplier, artefacts []supply.Artefact, atOnce int) (missing []supply.Missing, err error) {
	found := make([]*supply.Missing, len(artefacts))
	downloads, ctx := errgroup.WithContext(ctx)
	downloads.SetLimit(atOnce)
	for i, artefact := range artefacts {
		downloads.Go(func() (err error) {
			found[i], err = supplier.Fetch(ctx, artefact)
			return err
		})
	}
	if err := downloads.Wait(); err != nil {
		return nil, err
	}
	for _, m := range found {
		if m != nil {
			missing = append(missing, *m)
			err = errors.Join(err, m.Unbuildable())
		}
	}
	return missing, err
}

func build(ctx context.Context, supplier *supply.Supplier, missing []supply.Missing) error {
	for _, m := range missing {
		if err := supplier.Build(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// sources says where tools and images come from. It is where what only a bare machine needs, below bare/, is put together with
// the rest: here each artefact gets the recipe to build it.
type sources struct {
	*supply.Supplier
	tools  tools.Source
	images images.Source
	asked  checksums.Asked
}

func newSources(root string) (s sources, err error) {
	cache, err := supply.CacheDir()
	if err != nil {
		return s, err
	}
	s.Supplier = newSupplier(filepath.Join(cache, "logs"))
	s.tools = tools.Source{
		Root: root, Sites: tools.Publishers(), Cache: supply.Cache{Dir: cache},
		Recipe: toolbuild.Builder{Root: root}.Recipe,
	}
	s.images = images.Source{
		Root: root, Mirror: os.Getenv("IMAGE_MIRROR"),
		Recipe: imagebuild.Builder{Root: root, Supplier: s.Supplier}.Recipe,
	}
	if s.asked.Tools, err = s.tools.Names(); err != nil {
		return s, err
	}
	if s.asked.Images, err = s.images.Names(); err != nil {
		return s, err
	}
	for _, on := range tools.Platforms {
		s.asked.Platforms = append(s.asked.Platforms, on.String())
	}
	s.tools.Checksums, err = checksums.Read(root, s.asked)
	s.images.Checksums = s.tools.Checksums
	return s, err
}

// newSupplier returns a Supplier that shows its progress on standard output, with its logs in a folder.
func newSupplier(logs string) *supply.Supplier {
	return &supply.Supplier{Out: os.Stdout, Style: progress.StyleOf(os.Stdout), Logs: logs}
}
