package config

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Source is the configuration as Pulumi hands it to a program: texts, also for numbers and booleans, and JSON for
// maps, under full keys such as "hello-world:replicas".
type Source struct {
	Project string            // the namespace of the project's own keys
	Values  map[string]string // by full key, secrets decrypted
	Secrets []string          // the full keys that are stored encrypted
}

// Capture is a pulumi.RunOption that fills in the source. A pulumi.Context can look a key up but cannot list them,
// and a misspelt key is found only in the list.
func (s *Source) Capture(info *pulumi.RunInfo) {
	s.Project, s.Values, s.Secrets = info.Project, info.Config, info.ConfigSecretKeys
}

// own returns the values of the project's namespace by short key; the other namespaces belong to providers.
func (s Source) own() map[string]string {
	own := make(map[string]string, len(s.Values))
	for full, value := range s.Values {
		if short, ok := strings.CutPrefix(full, s.Project+":"); ok {
			own[short] = value
		}
	}
	return own
}

// encrypted reports whether the value of a short key is stored as a secret.
func (s Source) encrypted(key string) bool {
	return slices.Contains(s.Secrets, s.Project+":"+key)
}

// hidden stands for a secret in a message.
const hidden = "a secret that is not shown"

// shown is a value of a short key for a message, unless it is stored as a secret.
func (s Source) shown(key, value string) string {
	if s.encrypted(key) {
		return hidden
	}
	return quoted(value)
}
