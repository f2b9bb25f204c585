// Package kubeconfig reads kubeconfigs, as far as it takes to find a context in them and to see whether its cluster
// answers. The Kubernetes provider reads the rest; client-go would read it here too, at the price of its start-up in
// every `pulumi up`.
package kubeconfig

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Config is one kubeconfig, or several that were merged. It holds credentials: do not print it.
type Config struct {
	CurrentContext string `yaml:"current-context"`

	Contexts []struct {
		Name    string
		Context struct{ Cluster, User string }
	}
	Clusters []struct {
		Name    string
		Cluster cluster
	}
	Users []struct {
		Name string
		User user
	}
}

// Parse reads the contents of a kubeconfig. The error says nothing of them, since they hold credentials.
func Parse(contents string) (Config, error) {
	var config Config
	if yaml.Unmarshal([]byte(contents), &config) != nil {
		return Config{}, errors.New("is not a kubeconfig")
	}
	return config, nil
}

// Files are the files that kubectl and the Kubernetes provider read, in their order.
func Files() []string {
	var files []string
	for _, file := range filepath.SplitList(os.Getenv("KUBECONFIG")) {
		if file != "" {
			files = append(files, file)
		}
	}
	if len(files) == 0 {
		home, _ := os.UserHomeDir()
		files = []string{filepath.Join(home, ".kube", "config")}
	}
	return files
}

// Read merges files as kubectl does: what the first one says counts, and one that does not exist counts as empty.
func Read(files []string) (Config, error) {
	var merged Config
	for _, file := range files {
		contents, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Config{}, fmt.Errorf("the kubeconfig cannot be read: %w", err)
		}
		config, err := Parse(string(contents))
		if err != nil {
			return Config{}, fmt.Errorf("%s %w", file, err)
		}
		config.resolve(filepath.Dir(file))
		if merged.CurrentContext == "" {
			merged.CurrentContext = config.CurrentContext
		}
		merged.Contexts = append(merged.Contexts, config.Contexts...)
		merged.Clusters = append(merged.Clusters, config.Clusters...)
		merged.Users = append(merged.Users, config.Users...)
	}
	return merged, nil
}

// resolve makes paths absolute, which are relative to the folder of their file.
func (c *Config) resolve(folder string) {
	absolute := func(path *string) {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(folder, *path)
		}
	}
	for i := range c.Clusters {
		absolute(&c.Clusters[i].Cluster.CAFile)
	}
	for i := range c.Users {
		user := &c.Users[i].User
		absolute(&user.CertificateFile)
		absolute(&user.KeyFile)
		absolute(&user.TokenFile)
		if user.Plugin != nil && strings.ContainsRune(user.Plugin.Command, filepath.Separator) {
			absolute(&user.Plugin.Command) // others are looked for on the PATH
		}
	}
}

// Names are those of the contexts.
func (c Config) Names() []string {
	names := make([]string, len(c.Contexts))
	for i, context := range c.Contexts {
		names[i] = context.Name
	}
	return names
}

// HoldsCredentials reports whether the kubeconfig itself contains what lets somebody in, rather than naming a command
// or a file that does.
func (c Config) HoldsCredentials() bool {
	for _, entry := range c.Users {
		if entry.User.Token != "" || entry.User.Password != "" || entry.User.KeyData != "" {
			return true
		}
	}
	return false
}

// find returns the cluster and the user of a context. What is not there is zero.
func (c Config) find(name string) (cluster, user) {
	var foundCluster cluster
	var foundUser user
	context := slices.IndexFunc(c.Names(), func(other string) bool { return other == name })
	if context < 0 {
		return foundCluster, foundUser
	}
	wanted := c.Contexts[context].Context
	for _, entry := range slices.Backward(c.Clusters) {
		if entry.Name == wanted.Cluster {
			foundCluster = entry.Cluster
		}
	}
	for _, entry := range slices.Backward(c.Users) {
		if entry.Name == wanted.User {
			foundUser = entry.User
		}
	}
	return foundCluster, foundUser
}
