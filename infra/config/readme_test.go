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
	table := "| key | default on kind | accepted | meaning |\n|---|---|---|---|\n"
	for _, key := range config.Keys {
		name, standard := key.Name, "–"
		if key.Secret {
			name += " (secret)"
		}
		if value, ok := key.Default[config.Kind]; ok {
			standard = "`" + value + "`"
		}
		table += fmt.Sprintf("| %s | %s | %s | %s |\n", name, standard, key.Accepts(), key.Meaning)
	}
	if !strings.Contains(string(readme), table) {
		t.Errorf("README.md must have this table:\n%s", table)
	}
}
