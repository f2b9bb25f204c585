package imagebuild

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.com/hello-world/supplier/bare/gobuild"
	"example.com/hello-world/supplier/docker"
	"example.com/hello-world/supplier/images"
)

// What the node image holds besides binaries, and the scripts that assemble it.
var (
	//go:embed node/setup.sh
	nodeSetup string
	//go:embed node/netbase.sh
	nodeNetbase string
	//go:embed node/default-cni.yaml
	nodeCNI string
)

// node is a kind node. It is assembled as in kind's own build (images/base and pkg/build/nodeimage in
// kind's module), but from binaries compiled here, and without pulling an image.
func (b Builder) node(name, version string) (images.Recipe, error) {
	pinned := []string{nodeSetup, nodeNetbase, nodeCNI, debianPackages}
	for _, name := range []string{"kind", "kubernetes", "etcd", "coredns", "containerd", "cni", "storage"} {
		text, err := gobuild.Pinned(b.Root, name).Pins(".")
		if err != nil {
			return images.Recipe{}, err
		}
		pinned = append(pinned, text)
	}
	pins := hash(pinned...)
	return images.Recipe{
		Pins: pins, TypicalTime: 5 * time.Minute, Buildable: onDebian,
		Build: func(ctx context.Context, log io.Writer) error {
			binaries, err := os.MkdirTemp("", "node-")
			if err != nil {
				return err
			}
			defer os.RemoveAll(binaries)
			if err := b.compileNode(ctx, log, binaries, version); err != nil {
				return err
			}
			base, err := gobuild.Pinned(b.Root, "kind").Source(ctx, log, "sigs.k8s.io/kind")
			if err != nil {
				return err
			}
			options := []string{"--security-opt", "seccomp=unconfined", "--stop-signal", "SIGRTMIN+3"}
			return b.withContainer(ctx, log, options, func(c container) error {
				return node{container: c, binaries: binaries, version: version}.assemble(ctx, base, name, pins)
			})
		},
	}, nil
}

// containerdTags leave out what a kind node does not use: its snapshots are overlay file
// systems, and nothing there reads traces or hooks into containers with WebAssembly.
const containerdTags = "no_aufs,no_zfs,no_btrfs,no_devmapper,no_tracing,nri_no_wasm"

// compileNode compiles everything that runs in a node into the folder out.
func (b Builder) compileNode(ctx context.Context, log io.Writer, out, version string) error {
	for _, command := range []struct {
		module string
		gobuild.Build
	}{
		{"kubernetes", gobuild.Build{
			Packages: []string{"tool", "./kindnet"}, // "tool": the commands that its go.mod lists
			LDFlags:  "-X k8s.io/component-base/version.gitVersion=" + version,
		}},
		{"etcd", gobuild.Build{Packages: []string{"go.etcd.io/etcd/server/v3"}}},
		{"coredns", gobuild.Build{Packages: []string{"."}}},
		{"containerd", gobuild.Build{
			Packages: []string{"tool"}, Tags: containerdTags,
			Replace: []gobuild.Replacement{{
				Module: "github.com/containerd/nri", With: "instead/nri", Without: []string{"pkg/api/api_options.pb.go"},
			}},
		}},
		{"cni", gobuild.Build{Packages: []string{"tool"}}},
		{"storage", gobuild.Build{Packages: []string{"tool"}}},
	} {
		if err := gobuild.Pinned(b.Root, command.module).Run(ctx, log, out, command.Build); err != nil {
			return err
		}
	}
	pause := gobuild.Build{Packages: []string{"./bare/imagebuild/pause"}}
	if err := gobuild.Own(b.Root).Run(ctx, log, out, pause); err != nil {
		return err
	}
	// go build named etcd after the folder of its main package.
	return os.Rename(filepath.Join(out, "server"), filepath.Join(out, "etcd"))
}

// node is a container that becomes the node image.
type node struct {
	container
	binaries string // the folder that compileNode filled
	version  string // of Kubernetes
}

// assemble makes the image in the container, with what kind's source has for it.
func (n node) assemble(ctx context.Context, kind, name, pins string) error {
	files := map[string]string{}
	for folder, commands := range map[string][]string{
		"/usr/bin/":       {"kubeadm", "kubectl", "kubelet"},
		"/usr/local/bin/": {"containerd", "containerd-shim-runc-v2", "ctr"},
		"/opt/cni/bin/":   {"host-local", "loopback", "portmap", "ptp"},
	} {
		for _, command := range commands {
			files[folder+command] = filepath.Join(n.binaries, command)
		}
	}
	if err := addFolder(files, filepath.Join(kind, "images", "base", "files")); err != nil {
		return err
	}
	storage, err := storageManifest(kind)
	if err != nil {
		return err
	}
	written, err := n.writeFiles(files, storage)
	if err != nil {
		return err
	}
	defer os.RemoveAll(written)
	if err := n.copyIn(ctx, files); err != nil {
		return err
	}
	if err := docker.Run(ctx, n.log, nil, n.shell(nodeSetup)...); err != nil {
		return fmt.Errorf("setting up the node: %w", err)
	}
	if err := n.loadImages(ctx); err != nil {
		return err
	}
	return n.commit(ctx, name, pins, "ENV container=docker", `ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]`, "CMD []")
}

// writeFiles adds to files the texts that kind reads from a node, and returns the folder that holds them.
func (n node) writeFiles(files map[string]string, storage string) (string, error) {
	folder, err := os.MkdirTemp("", "node-files-")
	if err != nil {
		return "", err
	}
	for name, text := range map[string]string{
		"/kind/version":                        n.version,
		"/kind/manifests/default-cni.yaml":     nodeCNI,
		"/kind/manifests/default-storage.yaml": storage,
	} {
		file := filepath.Join(folder, filepath.Base(name))
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return "", err
		}
		files[name] = file
	}
	return folder, nil
}

// storageManifest returns what kind's own node image has as its default StorageClass, from kind's source.
func storageManifest(kind string) (string, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, filepath.Join(kind, "pkg", "build", "nodeimage", "const_storage.go"), nil, 0)
	if err != nil {
		return "", err
	}
	constants, err := (&types.Config{}).Check("nodeimage", files, []*ast.File{file}, nil)
	if err != nil {
		return "", err
	}
	manifest, ok := constants.Scope().Lookup("defaultStorageManifest").(*types.Const)
	if !ok {
		return "", errors.New("kind's source has no defaultStorageManifest")
	}
	return constant.StringVal(manifest.Val()), nil
}

// addFolder adds every file below folder, under its path there.
func addFolder(files map[string]string, folder string) error {
	return filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files[strings.TrimPrefix(file, folder)] = file
		}
		return err
	})
}
