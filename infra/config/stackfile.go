package config

import (
	"maps"
	"os"
	"slices"

	"gopkg.in/yaml.v3"
)

// stackFile is what Pulumi does not tell a program about the stack's file.
type stackFile struct {
	Provider string `yaml:"secretsprovider"` // such as a key management service; "" for a passphrase or Pulumi Cloud
	Salt     string `yaml:"encryptionsalt"`  // of a passphrase
	Config   map[string]yaml.Node
}

// readStackFile returns an empty one if it cannot be read: Pulumi has read it, or there is none.
func readStackFile(path string) (file stackFile) {
	text, err := os.ReadFile(path)
	if err != nil || yaml.Unmarshal(text, &file) != nil {
		return stackFile{}
	}
	return file
}

// underEmptyPassphrase reports whether the file's secrets are encrypted with the empty passphrase, so that anyone with the file
// can decrypt them.
func (f stackFile) underEmptyPassphrase() bool {
	if f.Salt == "" || f.Provider != "" && f.Provider != "passphrase" {
		return false
	}
	// The variable holds the right one: with another, Pulumi would not run the program.
	passphrase, given := os.LookupEnv("PULUMI_CONFIG_PASSPHRASE")
	return given && passphrase == ""
}

// plainEntries returns the first entry in plain text, if there is one, of each map in the file, by full key.
func (f stackFile) plainEntries() map[string]string {
	plain := map[string]string{}
	for full, value := range f.Config {
		var entries map[string]any
		if value.Decode(&entries) != nil {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(entries)) {
			if encrypted, ok := entries[name].(map[string]any); name != "secure" && (!ok || encrypted["secure"] == nil) {
				plain[full] = name
				break
			}
		}
	}
	return plain
}
