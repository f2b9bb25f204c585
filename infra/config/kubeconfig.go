package config

import (
	"fmt"
	"slices"
	"strings"

	"example.com/hello-world/infra/kubeconfig"
)

// ReadKubeconfig returns the kubeconfig that has Context: the one in Kubeconfig, or else the files that kubectl reads.
func (c Config) ReadKubeconfig() (kubeconfig.Config, error) {
	if c.Kubeconfig != "" {
		return kubeconfig.Parse(string(c.Kubeconfig))
	}
	return kubeconfig.Read(kubeconfig.Files())
}

// WithKubeconfig returns the configuration with the kubeconfig from ClusterStack's ClusterOutput. The error, if any, is
// [Mistakes].
func (c Config) WithKubeconfig(source Source, contents Secret) (Config, error) {
	where := "the kubeconfig of stack " + quoted(c.ClusterStack)
	parsed, err := kubeconfig.Parse(string(contents))
	if err != nil || len(parsed.Contexts) == 0 {
		return c, Mistakes{{"clusterOutput", fmt.Sprintf("is %s: this output of the stack %s must be the contents of a "+
			"kubeconfig with at least one context", quoted(c.ClusterOutput), quoted(c.ClusterStack))}}
	}
	c.Kubeconfig = contents
	if problem := c.chooseContext(parsed, where, source); problem != "" {
		return c, Mistakes{{"context", problem}}
	}
	return c, nil
}

// chooseContext checks that Context is in a whole kubeconfig, which the message calls where, and returns the problem or
// "". If Context is unset, it becomes the current one: other tools do not switch that, as they do in a file.
func (c *Config) chooseContext(whole kubeconfig.Config, where string, source Source) string {
	if c.Context == "" {
		c.Context = whole.CurrentContext
	}
	if names := whole.Names(); !slices.Contains(names, c.Context) {
		return fmt.Sprintf("is %s, which is not in %s: it must be one of its contexts, %s",
			source.shown("context", c.Context), where, strings.Join(names, ", "))
	}
	return ""
}

// findContext says what is wrong with a context that should be in the kubeconfig files, or returns "". The message
// calls the context shown.
func findContext(context, shown string) string {
	files := kubeconfig.Files()
	merged, err := kubeconfig.Read(files)
	if err != nil {
		return fmt.Sprintf("is %s, but %v", shown, err)
	}
	known := merged.Names()
	switch where := strings.Join(files, ", "); {
	case slices.Contains(known, context):
		return ""
	case len(known) == 0:
		return fmt.Sprintf("is %s, but there is no context in %s: create the cluster first, or set KUBECONFIG",
			shown, where)
	default:
		return fmt.Sprintf("is %s, which is not in %s: it must be one of %s", shown, where,
			strings.Join(known, ", "))
	}
}
