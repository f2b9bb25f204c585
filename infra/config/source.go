package config

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"gopkg.in/yaml.v3"
)

// Source is the configuration as Pulumi passes it to a program: text, even for numbers and booleans, and JSON for maps,
// under full keys such as "hello-world:replicas".
type Source struct {
	Project string            // the namespace of the project's own keys
	Values  map[string]string // by full key, secrets decrypted
	Secrets []string          // the full keys of encrypted values
	Open    bool              // whether their passphrase is empty
	Plain   map[string]string // an entry in plain text, by full key; Pulumi takes a map with one encrypted entry for a secret
}

// Capture is a pulumi.RunOption that fills in the source. A pulumi.Context can look up a key but not list them all, and
// only the list shows a misspelt one.
func (s *Source) Capture(info *pulumi.RunInfo) {
	s.Project, s.Values, s.Secrets = info.Project, info.Config, info.ConfigSecretKeys
	s.drainFaster(os.Getenv("DEV_DRAIN_TIME"))
	file := filepath.Join(info.RootDirectory, "Pulumi."+info.Stack+".yaml")
	s.Open, s.Plain = underEmptyPassphrase(file), plainEntries(file)
}

// plainEntries returns the name of an entry in plain text, if there is one, for each map in a stack's file.
func plainEntries(file string) map[string]string {
	plain := map[string]string{}
	text, err := os.ReadFile(file)
	if err != nil {
		return plain
	}
	var stack struct{ Config map[string]yaml.Node }
	if yaml.Unmarshal(text, &stack) != nil {
		return plain
	}
	for full, value := range stack.Config {
		var entries map[string]any
		if value.Decode(&entries) != nil {
			continue
		}
		for name, entry := range entries {
			if ciphertext, ok := entry.(map[string]any); name != "secure" && (!ok || ciphertext["secure"] == nil) {
				plain[full] = name
			}
		}
	}
	return plain
}

// drainFaster sets drainTime, unless the stack does or the value is empty. While `make dev` runs, each rollout is waited for
// until the old Pods have drained.
func (s *Source) drainFaster(value string) {
	key := s.Project + ":drainTime"
	if _, given := s.Values[key]; given || value == "" {
		return
	}
	s.Values = maps.Clone(s.Values)
	if s.Values == nil {
		s.Values = map[string]string{}
	}
	s.Values[key] = value
}

// underEmptyPassphrase reports whether the secrets in a stack's file are encrypted with the empty passphrase, so that
// anyone with the file can decrypt them. Without the file, it returns false.
func underEmptyPassphrase(file string) bool {
	text, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	var encryption struct {
		Provider string `yaml:"secretsprovider"` // such as a key management service; "" for a passphrase or Pulumi Cloud
		Salt     string `yaml:"encryptionsalt"`  // of a passphrase
	}
	if yaml.Unmarshal(text, &encryption) != nil || encryption.Salt == "" || encryption.Provider != "" && encryption.Provider != "passphrase" {
		return false
	}
	// The variable holds the right one: with another, Pulumi would not run the program.
	passphrase, given := os.LookupEnv("PULUMI_CONFIG_PASSPHRASE")
	return given && passphrase == ""
}

// open returns the short keys whose secrets anyone with the stack's file can read.
func (s Source) open() []string {
	var keys []string
	for _, full := range s.Secrets {
		if short, ok := strings.CutPrefix(full, s.Project+":"); ok && s.Open {
			keys = append(keys, short)
		}
	}
	slices.Sort(keys)
	return keys
}

// Warning returns what to tell the user about an accepted configuration, or "".
func (s Source) Warning() string {
	keys := s.open()
	if len(keys) == 0 {
		return ""
	}
	return fmt.Sprintf("%s: encrypted with the empty passphrase, so anyone with the stack's file can read it; %s", strings.Join(keys, ", "), anotherPassphrase)
}

// anotherPassphrase says how to get one.
const anotherPassphrase = `"pulumi stack change-secrets-provider passphrase" asks for another one; from then on, set PULUMI_CONFIG_PASSPHRASE to it`

// own returns the values in the project's namespace by short key; other namespaces belong to providers.
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

// shown returns the value of a short key for a message, or hidden if it is stored as a secret.
func (s Source) shown(key, value string) string {
	if s.encrypted(key) {
		return hidden
	}
	return quoted(value)
}
