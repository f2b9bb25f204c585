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
	table := "| key | on kind | on cloud | accepted | meaning |\n|---|---|---|---|---|\n"
	for _, key := range config.Keys {
		table += fmt.Sprintf("%s %s | %s |\n", defaults(key), key.Accepts(), key.Meaning)
	}
	if !strings.Contains(read(t, "../../README.md"), table) {
		t.Errorf("README.md must have this table:\n%s", table)
	}
}

// The Chinese README's table has the same keys and defaults. docs/ tests that it
// has no others.
func TestChineseReadmeListsTheKeys(t *testing.T) {
	readme := read(t, "../../README.zh-CN.md")
	for _, key := range config.Keys {
		if row := "\n" + defaults(key); !strings.Contains(readme, row) {
			t.Errorf("README.zh-CN.md must have a row that begins with%s", row)
		}
	}
}

// defaults is how a key's row begins.
func defaults(key config.Key) string {
	name := key.Name
	if key.Secret {
		name += " (secret)"
	}
	return fmt.Sprintf("| %s | %s | %s |", name, standard(key, config.Kind), standard(key, config.Cloud))
}

// standard is a default as the table shows it.
func standard(key config.Key, target config.Target) string {
	value, ok := key.Shown[target]
	if !ok {
		value, ok = key.Default[target]
	}
	if ok {
		return "`" + value + "`"
	}
	return "–"
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
