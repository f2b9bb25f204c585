package config

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
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
	// The variable, or the file, holds the right one: with another, Pulumi would not run the program.
	passphrase, given := os.LookupEnv("PULUMI_CONFIG_PASSPHRASE")
	if file, err := os.ReadFile(os.Getenv("PULUMI_CONFIG_PASSPHRASE_FILE")); !given && err == nil {
		passphrase, given = strings.TrimSpace(string(file)), true
	}
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

// misread returns what YAML reads as something else than it is written, by full key.
func (f stackFile) misread() map[string][]Misreading {
	found := map[string][]Misreading{}
	for full, value := range f.Config {
		if all := misreadings(&value, ""); len(all) > 0 {
			found[full] = all
		}
	}
	return found
}

// Misreading is a value in the stack's file, with its name if it has one, and what Pulumi passes on.
type Misreading struct{ Written, Read string }

func misreadings(node *yaml.Node, name string) (all []Misreading) {
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i < len(node.Content); i += 2 {
			name, value := node.Content[i], node.Content[i+1]
			// Without quotes, #ff0000 is a comment, which belongs to the name.
			value.LineComment = cmp.Or(value.LineComment, name.LineComment)
			all = slices.Concat(all, misreadings(name, ""), misreadings(value, name.Value+": "))
		}
	case yaml.SequenceNode:
		for _, value := range node.Content {
			all = append(all, misreadings(value, name)...)
		}
	case yaml.ScalarNode:
		if read := readAs(node); read != node.Value {
			all = append(all, Misreading{name + cmp.Or(node.Value, node.LineComment, "nothing"), read})
		}
	}
	return all
}

// readAs returns what YAML makes of a scalar, as text.
func readAs(node *yaml.Node) string {
	if node.Style != 0 { // in quotes
		return node.Value
	}
	switch node.ShortTag() {
	case "!!null":
		return "no value"
	case "!!int", "!!float":
		var number float64 // as in JSON
		if err := node.Decode(&number); err == nil {
			if text, err := json.Marshal(number); err == nil {
				return string(text)
			}
			return fmt.Sprint(number) // such as +Inf
		}
	case "!!bool", "!!timestamp":
		var value any
		if err := node.Decode(&value); err == nil {
			return fmt.Sprint(value)
		}
	}
	return node.Value
}
