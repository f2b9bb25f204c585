// Package checkout knows a checkout of the project: its name, its stacks, and where Pulumi keeps their state.
package checkout

import (
	"cmp"
	"crypto/sha1"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Checkout is a folder with a Pulumi project.
type Checkout struct {
	Root    string // the folder with Pulumi.yaml, absolute
	Project string // the project's name
}

// Open finds the checkout that a folder is in.
func Open(folder string) (Checkout, error) {
	root, err := filepath.Abs(folder)
	if err != nil {
		return Checkout{}, err
	}
	for {
		file := filepath.Join(root, "Pulumi.yaml")
		if text, err := os.ReadFile(file); err == nil {
			var project struct{ Name string }
			if err := yaml.Unmarshal(text, &project); err != nil {
				return Checkout{}, fmt.Errorf("%s: %w", file, err)
			}
			return Checkout{Root: root, Project: project.Name}, nil
		}
		if root == filepath.Dir(root) {
			return Checkout{}, fmt.Errorf("neither %s nor a folder above it has a Pulumi.yaml: go to a checkout of the project", folder)
		}
		root = filepath.Dir(root)
	}
}

// Path returns the path of a file in the checkout.
func (c Checkout) Path(file ...string) string {
	return filepath.Join(append([]string{c.Root}, file...)...)
}

// StackFile returns the path of a stack's configuration.
func (c Checkout) StackFile(stack string) string { return c.Path("Pulumi." + stack + ".yaml") }

// OnKind reports whether a stack runs on the project's kind cluster. It reads the file, as Pulumi may not be there yet.
func (c Checkout) OnKind(stack string) (bool, error) {
	file, err := c.ReadStack(stack)
	if err != nil {
		return false, err
	}
	return !file.Set("target") || file.Text("target") == "kind", nil
}

// Selected returns the stack that `pulumi stack select` has selected in this checkout, or dev if there is none. It reads what
// Pulumi wrote: to ask Pulumi takes a third of a second.
func (c Checkout) Selected() string {
	var selected struct {
		Stack  string            // as earlier versions of Pulumi wrote it
		Stacks map[string]string // by the URL of the backend
	}
	project, err := filepath.EvalSymlinks(c.Path("Pulumi.yaml"))
	if err != nil {
		return "dev"
	}
	sum := sha1.Sum([]byte(project))
	text, err := os.ReadFile(c.Path(".pulumi-home", "workspaces", fmt.Sprintf("%s-%x-workspace.json", c.Project, sum)))
	if err != nil || json.Unmarshal(text, &selected) != nil {
		return "dev"
	}
	stack := cmp.Or(selected.Stacks[c.Backend()], selected.Stack, "dev")
	return stack[strings.LastIndex(stack, "/")+1:]
}

// Earlier returns the name that the project had when a stack of this checkout was made; "" if it has not changed.
func (c Checkout) Earlier(stack string) (project string) {
	if files := c.inUse("*", escaped(stack)); len(files) > 0 && c.StateIsOwn() {
		return filepath.Base(filepath.Dir(files[0]))
	}
	return ""
}

// InUse returns the stacks of the project that have something in the state of this checkout.
func (c Checkout) InUse() (stacks []string) {
	for _, file := range c.inUse(escaped(c.Project), "*") {
		stacks = append(stacks, strings.TrimSuffix(filepath.Base(file), ".json"))
	}
	return stacks
}

// inUse returns the files with the states that have something, by patterns of the project's and the stack's name.
func (c Checkout) inUse(project, stack string) []string {
	files, _ := filepath.Glob(filepath.Join(escaped(c.OwnState()), ".pulumi", "stacks", project, stack+".json"))
	return slices.DeleteFunc(files, func(file string) bool {
		text, _ := os.ReadFile(file)
		return !strings.Contains(string(text), `"urn"`)
	})
}

// escaped makes a pattern of filepath.Glob that only a name itself matches.
func escaped(name string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(name)
}

// HasTools reports an error if `make tools` has not run in this checkout.
func (c Checkout) HasTools() error {
	if _, err := os.Stat(c.Path("bin", "pulumi")); errors.Is(err, fs.ErrNotExist) {
		return errors.New("the tools are missing: run 'make tools'")
	}
	return nil
}
