package imagebuild

import (
	"context"
	"io"
	"os"
	"os/exec"
	"time"

	"example.com/hello-world/supplier/bare/engine"
	"example.com/hello-world/supplier/images"
)

// debianRoot is the root file system of the images that are more than a single binary.
// It has this project's name because it is not published.
const debianRoot = "hello-world/debian-root:bookworm"

// debianPackages are those of a kind node (images/base/Dockerfile in kind's module), plus
// Debian's runc, which we could compile only with cgo.
const debianPackages = "bash,ca-certificates,conntrack,curl,e2fsprogs,ethtool,iproute2,iptables,jq,kmod," +
	"libseccomp2,mount,nftables,pigz,procps,runc,systemd,util-linux"

// debian makes debianRoot.
var debian = images.Recipe{
	Pins: hash(debianPackages), TypicalTime: 2 * time.Minute, Buildable: onDebian,
	Build: func(ctx context.Context, log io.Writer) error {
		if err := engine.AptInstall(ctx, log, "debootstrap"); err != nil {
			return err
		}
		root, err := os.MkdirTemp("", "debian-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(root)
		bootstrap := exec.CommandContext(ctx, "debootstrap", "--variant=minbase", "--include="+debianPackages, "bookworm", root)
		bootstrap.Stdout, bootstrap.Stderr = log, log
		if err := bootstrap.Run(); err != nil {
			return err
		}
		return importFolder(ctx, log, root)
	},
}

// importFolder makes debianRoot of a root file system, without what belongs to one machine or what no container needs.
func importFolder(ctx context.Context, log io.Writer, root string) error {
	archive := exec.CommandContext(ctx, "tar", "--create", "--directory", root,
		"--exclude=./var/cache/apt/archives/*.deb", "--exclude=./var/lib/apt/lists/*", "--exclude=./usr/share/doc/*",
		"--exclude=./usr/share/locale/*", "--exclude=./usr/share/man/*",
		"--exclude=./etc/machine-id", "--exclude=./var/lib/dbus/machine-id", "--exclude=./etc/resolv.conf", ".")
	return dockerFrom(ctx, log, archive, "import", "--change", "LABEL "+images.LabelPins+"="+hash(debianPackages), "-", debianRoot)
}
