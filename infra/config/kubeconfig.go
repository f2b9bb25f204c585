package config

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

// kubeconfig is the part of a kubeconfig that names its contexts. The Kubernetes provider reads the rest; client-go
// would read it here too, at the price of its start-up in every `pulumi up`.
type kubeconfig struct {
	CurrentContext string `yaml:"current-context"`
	Contexts       []struct {
		Name string `yaml:"name"`
	} `yaml:"contexts"`
}

func parseKubeconfig(contents []byte) (kubeconfig, error) {
	var parsed kubeconfig
	err := yaml.Unmarshal(contents, &parsed)
	return parsed, err
}

func (k kubeconfig) names() []string {
	names := make([]string, len(k.Contexts))
	for i, context := range k.Contexts {
		names[i] = context.Name
	}
	return names
}

// kubeconfigFiles are the files that kubectl and the Kubernetes provider read, in their order.
func kubeconfigFiles() []string {
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

// findContext says what is wrong with a context, given the files that may define it, or returns "". The message calls
// the context shown. A file that does not exist counts as empty, as it does for kubectl.
func findContext(context, shown string, files []string) string {
	var known []string
	for _, file := range files {
		contents, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Sprintf("is %s, but the kubeconfig cannot be read: %v", shown, err)
		}
		parsed, err := parseKubeconfig(contents)
		if err != nil {
			// The parser's message can quote the file, which holds credentials.
			return fmt.Sprintf("is %s, but %s is not a kubeconfig", shown, file)
		}
		known = append(known, parsed.names()...)
	}
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
