package config

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Source is the configuration as Pulumi passes it to a program: text, even for numbers and booleans, and JSON for maps,
// under full keys such as "hello-world:replicas".
type Source struct {
	Project string                  // the namespace of the project's own keys
	Values  map[string]string       // by full key, secrets decrypted
	Secrets []string                // the full keys of encrypted values
	Open    bool                    // whether their passphrase is empty
	Plain   map[string]string       // an entry in plain text, by full key; Pulumi takes a map with one encrypted entry for a secret
	Misread map[string][]Misreading // by full key: YAML reads 007 as 7, and 1.10 as 1.1

	Developing bool // `make dev` runs
}

// SourceOf returns the configuration of a stack, whose file is in a folder, with the values and the keys of secrets that Pulumi
// passes.
func SourceOf(project, stack, folder string, values map[string]string, secrets []string) Source {
	file := readStackFile(filepath.Join(folder, "Pulumi."+stack+".yaml"))
	s := Source{
		Project: project, Values: values, Secrets: secrets,
		Open: file.underEmptyPassphrase(), Plain: file.plainEntries(), Misread: file.misread(),
		Developing: os.Getenv("DEV_DRAIN_TIME") != "",
	}
	s.drainFaster(os.Getenv("DEV_DRAIN_TIME"))
	return s
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
