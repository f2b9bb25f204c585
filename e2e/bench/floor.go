//go:build e2e

package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// makeEmpty makes a project with a program that declares nothing, and a stack of it in the same backend. Its go.mod is
// this project's, in the folder above: Pulumi looks for plugins in each module that a program needs.
func (b *bench) makeEmpty() error {
	dir := filepath.Join(b.Dir, "empty")
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	project := "name: empty\nruntime: {name: go, options: {binary: ../bin/empty}}\n"
	if err := os.WriteFile(filepath.Join(dir, "Pulumi.yaml"), []byte(project), 0o644); err != nil {
		return err
	}
	if err := b.pulumi("--cwd", "empty", "stack", "init", stack); err != nil {
		return err
	}
	return b.upEmpty()()
}

// upEmpty is `pulumi up` of a program that declares nothing: the floor of any.
func (b *bench) upEmpty(flags ...string) func() error {
	return b.up(append(flags, "--cwd", "empty")...)
}

// onEmpty returns what `pulumi up` of an empty program takes together with something else: with a preview, without, and
// the latter alone.
func (b *bench) onEmpty(prepare, do func() error) (withPreview, without, alone float64, err error) {
	empty, err := b.turn(nothing, b.upEmpty(), b.upEmpty("--skip-preview"))()
	if err != nil {
		return 0, 0, 0, err
	}
	figures, err := b.turn(prepare, do)()
	if err != nil {
		return 0, 0, 0, err
	}
	alone = figures[0]
	return empty[0] + alone, empty[1] + alone, alone, nil
}

// base is an image without files, for a server in /hello-world.
const base = registry + "/base"

func (b *bench) pushBase() error {
	_, err := b.script(`printf 'FROM scratch\nUSER 65532:65532\nENTRYPOINT ["/hello-world"]\n' | docker build --quiet --tag "$0" -
		docker push --quiet "$0"`, base)
	return err
}

// buildLayer does what no build can do without: compile, and push one layer.
func (b *bench) buildLayer() (image string, err error) {
	return b.built(`mkdir -p layer
		CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o layer/hello-world ./app
		tar -c -f layer.tar -C layer hello-world
		crane append --base "$0" --new_layer layer.tar --new_tag "$1" 2>crane.log`, base, fmt.Sprintf("%s/floor:v%d", registry, b.edits))
}
