// Package gobuild compiles commands of the pinned Go modules in supplier/modules.
package gobuild

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"example.com/hello-world/supplier/pins"
)

// Module is one to build commands of.
type Module struct{ pins.Module }

// Pinned returns the module called name in supplier/modules of the project in root.
func Pinned(root, name string) Module { return Module{pins.In(root, name)} }

// Own returns the supplier's module of the project in root.
func Own(root string) Module { return Module{pins.Module{Dir: filepath.Join(root, "supplier")}} }

// Build is one call of go build.
type Build struct {
	// Packages are the import paths to build, each a command.
	Packages []string
	// LDFlags are further flags for the linker, which always leaves out symbol tables.
	LDFlags string
	// Tags are build tags.
	Tags string
	// Linux compiles for Linux, as images need, whatever this machine runs.
	Linux bool
	// Overlay maps files that the packages embed, by their path below the module's folder, to where they are.
	Overlay map[string]string
	// Replace leaves out parts of required modules.
	Replace []Replacement
}

// oneAtATime lets compilations take turns: one go build uses all cores, and two would only need twice the memory.
var oneAtATime sync.Mutex

// Run builds into the folder out. Compiler output goes to log.
func (m Module) Run(ctx context.Context, log io.Writer, out string, b Build) error {
	scratch, err := os.MkdirTemp("", "gobuild-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	what := []string{"-tags", b.Tags}
	if b.Overlay != nil {
		overlay, err := m.writeOverlay(scratch, b.Overlay)
		if err != nil {
			return err
		}
		what = append(what, "-overlay", overlay)
	}
	if b.Replace != nil {
		modFile, err := m.replaced(ctx, log, scratch, b.Replace)
		if err != nil {
			return err
		}
		what = append(what, "-modfile", modFile)
	}
	what = append(what, b.Packages...)

	// Download the sources first, which need not wait for another compilation: go list does so.
	if err := m.run(ctx, log, b.Linux, append([]string{"list", "-deps", "-f", "{{if .Incomplete}}{{.ImportPath}}{{end}}"}, what...)...); err != nil {
		return err
	}
	oneAtATime.Lock()
	defer oneAtATime.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	how := []string{"build", "-buildvcs=false", "-ldflags", "-s -w " + b.LDFlags, "-o", out + string(filepath.Separator)}
	return m.run(ctx, log, b.Linux, append(how, what...)...)
}

// Source returns the folder of a module that m requires, and downloads it if need be.
func (m Module) Source(ctx context.Context, log io.Writer, module string) (string, error) {
	if err := m.run(ctx, log, false, "mod", "download", module); err != nil {
		return "", err
	}
	list := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module)
	list.Dir, list.Stderr = m.Dir, log
	dir, err := list.Output()
	if err != nil {
		return "", fmt.Errorf("go list -m %s: %w", module, err)
	}
	return string(dir[:len(dir)-1]), nil
}

// Pins returns all text that decides the result of a build of m: its go.mod and go.sum,
// and the Go files of its own packages in dirs.
func (m Module) Pins(dirs ...string) (string, error) {
	files := []string{filepath.Join(m.Dir, "go.mod"), filepath.Join(m.Dir, "go.sum")}
	for _, dir := range dirs {
		sources, err := goFiles(filepath.Join(m.Dir, dir))
		if err != nil {
			return "", err
		}
		files = append(files, sources...)
	}
	var pins []byte
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		pins = append(append(pins, text...), 0)
	}
	return string(pins), nil
}

// run runs a go command, for Linux or for this machine.
func (m Module) run(ctx context.Context, log io.Writer, linux bool, args ...string) error {
	fmt.Fprintf(log, "+ (%s) go %q\n", m.Dir, args)
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = m.Dir, log, log
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=readonly -trimpath", "GOWORK=off", "CGO_ENABLED=0")
	if linux {
		cmd.Env = append(cmd.Env, "GOOS=linux")
	}
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go %s in %s: %w", args[0], m.Dir, err)
	}
	return nil
}

func (m Module) writeOverlay(scratch string, files map[string]string) (string, error) {
	replace := map[string]string{}
	for below, file := range files {
		replace[filepath.Join(m.Dir, below)] = file
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(scratch, "overlay.json")
	return overlay, os.WriteFile(overlay, text, 0o644)
}
