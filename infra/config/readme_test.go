package config_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"example.com/hello-world/infra/config"
)

// The README's table of keys is the one in keys.go. On a difference, paste what
// this prints.
func TestReadmeListsTheKeys(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	table := "| key | on kind | on cloud | accepted | meaning |\n|---|---|---|---|---|\n"
	for _, key := range config.Keys {
		name := key.Name
		if key.Secret {
			name += " (secret)"
		}
		table += fmt.Sprintf("| %s | %s | %s | %s | %s |\n",
			name, standard(key, config.Kind), standard(key, config.Cloud), key.Accepts(), key.Meaning)
	}
	if !strings.Contains(string(readme), table) {
		t.Errorf("README.md must have this table:\n%s", table)
	}
}

// standard is a default as the table shows it.
func standard(key config.Key, target config.Target) string {
	if value, ok := key.Default[target]; ok {
		return "`" + value + "`"
	}
	return "–"
}
