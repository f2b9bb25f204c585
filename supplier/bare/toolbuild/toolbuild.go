// Package toolbuild builds the command line tools from Go modules.
package toolbuild

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"example.com/hello-world/supplier/bare/gobuild"
	"example.com/hello-world/supplier/tools"
)

// Builder builds tools.
type Builder struct {
	// Root is the project's folder, whose go.mod files pin the versions.
	Root string
}

func (b Builder) pinned(module string) gobuild.Module { return gobuild.Pinned(b.Root, module) }

// build is one go build of a pinned module.
type build struct {
	module gobuild.Module
	// own names the module's own folders that the build compiles too.
	own []string
	gobuild.Build
	// embed lists files that the build embeds: the path below the module's folder, and
	// where to find the file in a required module.
	embed map[string]inModule
}

// inModule is a file in a required module.
type inModule struct{ module, file string }

// recipe returns the recipe of a tool that takes these builds.
func recipe(typicalTime time.Duration, builds ...build) (tools.Recipe, error) {
	var pins []string
	for _, b := range builds {
		text, err := b.module.Pins(b.own...)
		if err != nil {
			return tools.Recipe{}, err
		}
		pins = append(pins, text, fmt.Sprint(b.Build, b.embed))
	}
	return tools.Recipe{Pins: pins, TypicalTime: typicalTime, Build: func(ctx context.Context, log io.Writer, out string) error {
		for _, b := range builds {
			if err := b.run(ctx, log, out); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}

func (b build) run(ctx context.Context, log io.Writer, out string) error {
	if b.embed != nil {
		b.Overlay = map[string]string{}
	}
	for below, in := range b.embed {
		dir, err := b.module.Source(ctx, log, in.module)
		if err != nil {
			return err
		}
		b.Overlay[below] = filepath.Join(dir, in.file)
	}
	return b.module.Run(ctx, log, out, b.Build)
}
