package config

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"gopkg.in/yaml.v3"
)

// Source is the configuration as Pulumi hands it to a program: texts, also for numbers and booleans, and JSON for
// maps, under full keys such as "hello-world:replicas".
type Source struct {
	Project string            // the namespace of the project's own keys
	Values  map[string]string // by full key, secrets decrypted
	Secrets []string          // the full keys that are stored encrypted
	Open    bool              // whether the passphrase that encrypts them is empty
}

// Capture is a pulumi.RunOption that fills in the source. A pulumi.Context can look a key up but cannot list them,
// and a misspelt key is found only in the list.
func (s *Source) Capture(info *pulumi.RunInfo) {
	s.Project, s.Values, s.Secrets = info.Project, info.Config, info.ConfigSecretKeys
	s.Open = underEmptyPassphrase(filepath.Join(info.RootDirectory, "Pulumi."+info.Stack+".yaml"))
}

// underEmptyPassphrase reports whether the secrets of a stack's file are encrypted with the empty passphrase, so that
// whoever has the file can decrypt them. Of a file that is not there, nothing is known.
func underEmptyPassphrase(file string) bool {
	text, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	var encryption struct {
		Provider string `yaml:"secretsprovider"` // such as a key management service; "" for a passphrase or Pulumi Cloud
		Salt     string `yaml:"encryptionsalt"`  // a passphrase's
	}
	if yaml.Unmarshal(text, &encryption) != nil || encryption.Salt == "" || encryption.Provider != "" && encryption.Provider != "passphrase" {
		return false
	}
	// It is the right one: with another one, Pulumi would not have come to run the program.
	passphrase, given := os.LookupEnv("PULUMI_CONFIG_PASSPHRASE")
	return given && passphrase == ""
}

// open returns the short keys whose secrets are open to whoever has the stack's file.
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

// Warning is what to tell people of a configuration that is accepted, or "".
func (s Source) Warning() string {
	keys := s.open()
	if len(keys) == 0 {
		return ""
	}
	return fmt.Sprintf("%s: encrypted with the empty passphrase, so whoever has the stack's file can read it; %s", strings.Join(keys, ", "), anotherPassphrase)
}

// anotherPassphrase says how to get one.
const anotherPassphrase = `"pulumi stack change-secrets-provider passphrase" asks for another one, which PULUMI_CONFIG_PASSPHRASE has to hold from then on`

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
