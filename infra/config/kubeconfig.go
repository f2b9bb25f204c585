package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"example.com/hello-world/infra/kubeconfig"
)

// readKubeconfig reads the files that kubectl reads, and checks that one of them has Context.
func (c *Config) readKubeconfig(source Source) (err error) {
	files := kubeconfig.Files()
	for _, file := range files {
		if !filepath.IsAbs(file) { // Pulumi runs the program and the plugins in infra/
			return fmt.Errorf("is %s, but KUBECONFIG has the relative path %s, which Pulumi does not find: it must be \"$PWD/%s\"",
				source.shown("context", c.Context), file, filepath.Clean(file))
		}
	}
	if c.Contexts, err = kubeconfig.Read(files); err != nil {
		return fmt.Errorf("is %s, but %w", source.shown("context", c.Context), err)
	}
	return c.chooseContext(strings.Join(files, ", "), source)
}

// setKubeconfig accepts the contents of a kubeconfig with at least one context.
func (c *Config) setKubeconfig(contents Secret) bool {
	parsed, err := kubeconfig.Parse(string(contents))
	if err != nil || len(parsed.Contexts) == 0 {
		return false
	}
	c.Kubeconfig, c.Contexts = contents, parsed
	return true
}

// WithKubeconfig returns the configuration with the kubeconfig from ClusterStack. It refuses credentials unless
// that output is encrypted. The error, if any, is [Mistakes].
func (c Config) WithKubeconfig(source Source, contents Secret, encrypted bool) (Config, error) {
	if !c.setKubeconfig(contents) {
		return c, Mistakes{{"clusterStack", fmt.Sprintf("is %s: its output %s must be the contents of a "+
			"kubeconfig with at least one context", quoted(c.ClusterStack.Stack), quoted(c.ClusterStack.Name))}}
	}
	if c.Contexts.HoldsCredentials() && !encrypted {
		return c, Mistakes{{"clusterStack", fmt.Sprintf("is %s, whose output %s holds credentials in plain text: export it there "+
			"with pulumi.ToSecret", quoted(c.ClusterStack.Stack), quoted(c.ClusterStack.Name))}}
	}
	if err := c.chooseContext("the kubeconfig of stack "+quoted(c.ClusterStack.Stack), source); err != nil {
		return c, Mistakes{{"context", err.Error()}}
	}
	return c, nil
}

// chooseContext checks that Context is in the kubeconfig, which the error calls where. If Context is unset, it becomes the
// current one: other tools do not switch that, as they do in a file.
func (c *Config) chooseContext(where string, source Source) error {
	if c.Context == "" {
		c.Context = c.Contexts.CurrentContext
	}
	shown := source.shown("context", c.Context)
	switch known := c.Contexts.Names(); {
	case slices.Contains(known, c.Context):
		return nil
	case len(known) == 0:
		return fmt.Errorf("is %s, but there is no context in %s: create the cluster first, or set KUBECONFIG", shown, where)
	case strings.HasPrefix(c.Context, "kind-"):
		return fmt.Errorf(`is %s, which is not in %s: "make cluster" makes the project's own cluster; any other must be one of %s`,
			shown, where, strings.Join(known, ", "))
	default:
		return fmt.Errorf("is %s, which is not in %s: it must be one of %s", shown, where, strings.Join(known, ", "))
	}
}
