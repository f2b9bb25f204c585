// Command offline supplies what the project runs on: the Docker Engine, the
// command line tools in a bin folder, and the container images, all under their
// public names. Each is used if already there, else downloaded, else built from
// Go modules and Debian packages; downstream nothing can tell the difference.
//
//	go run ./offline              supply everything
//	go run ./offline cloud        supply the images of the cluster that stands in
//	                              for a cloud's in tests
//	go run ./offline stop-engine  end the Docker Engine that it started
//
// Environment:
//
//	HELLO_WORLD_CACHE   folder for what was downloaded or built
//	                    (default: hello-world in the user's cache folder)
//	GITHUB_MIRROR       where to download releases from (default https://github.com)
//	KUBERNETES_MIRROR   where to download kubectl from (default https://dl.k8s.io)
//	IMAGE_MIRROR        the registry to pull images from (default docker.io)
package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/hello-world/offline/engine"
	"example.com/hello-world/offline/images"
	"example.com/hello-world/offline/supply"
	"example.com/hello-world/offline/tools"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, supply.LookOf(os.Stderr).Error(err))
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) == 0:
		return supplyAll(ctx)
	case len(args) == 1 && args[0] == "cloud":
		return supplyCloud(ctx)
	case len(args) == 1 && args[0] == "stop-engine":
		stopped, err := engine.Stop(ctx)
		if stopped {
			supplier("").Say("Docker Engine: stopped")
		}
		return err
	}
	return fmt.Errorf("arguments %q: accepted are none, cloud or stop-engine", args)
}

func supplyAll(ctx context.Context) error {
	started := time.Now()
	source, cache, err := imageSource()
	if err != nil {
		return err
	}
	list, err := tools.All(source.Root, tools.Sites{
		GitHub:     cmp.Or(os.Getenv("GITHUB_MIRROR"), "https://github.com"),
		Kubernetes: cmp.Or(os.Getenv("KUBERNETES_MIRROR"), "https://dl.k8s.io"),
	}, supply.Cache{Dir: cache})
	if err != nil {
		return err
	}
	supplied, err := source.All()
	if err != nil {
		return err
	}
	supplied = append([]supply.Artefact{engine.Artefact(source.Root)}, supplied...)

	// Two lanes: what is installed and assembled overlaps with what is
	// compiled. Compilations of both take turns (gobuild).
	lanes, ctx := errgroup.WithContext(ctx)
	lanes.Go(func() error {
		for _, tool := range list {
			if err := source.Supplier.Supply(ctx, tool.Artefact()); err != nil {
				return err
			}
			if err := tool.Link(source.Root); err != nil {
				return err
			}
		}
		return nil
	})
	lanes.Go(func() error {
		return supplyEach(ctx, source.Supplier, supplied)
	})
	if err := lanes.Wait(); err != nil {
		return err
	}
	source.Supplier.Say("%d tools and images: ready after %s", len(list)+len(supplied), supply.Span(time.Since(started)))
	return nil
}

func supplyCloud(ctx context.Context) error {
	source, _, err := imageSource()
	if err != nil {
		return err
	}
	supplied, err := source.Cloud()
	if err != nil {
		return err
	}
	return supplyEach(ctx, source.Supplier, supplied)
}

func supplyEach(ctx context.Context, supplier *supply.Supplier, artefacts []supply.Artefact) error {
	for _, artefact := range artefacts {
		if err := supplier.Supply(ctx, artefact); err != nil {
			return err
		}
	}
	return nil
}

// imageSource is where images come from for the project in the current folder,
// with the folder in which what was supplied is kept.
func imageSource() (source images.Source, cache string, err error) {
	root, err := filepath.Abs(".")
	if err != nil {
		return source, "", err
	}
	if cache, err = supply.CacheDir(); err != nil {
		return source, "", err
	}
	return images.Source{
		Root:     root,
		Registry: cmp.Or(os.Getenv("IMAGE_MIRROR"), "docker.io"),
		Supplier: supplier(filepath.Join(cache, "logs")),
	}, cache, nil
}

// supplier shows its progress on standard output.
func supplier(logs string) *supply.Supplier {
	return &supply.Supplier{Out: os.Stdout, Look: supply.LookOf(os.Stdout), Logs: logs}
}
